using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects;

/// <summary>The frames of a chat stream, each with its meaning: a chunk, an error, the end, or nothing that a client would miss.</summary>
internal sealed class FrameTranslation(IAnswerTranslation translation) : IDisposable
{
    private readonly FrameBuffer _frames = new();

    /// <summary>Translates whole frames.</summary>
    /// <param name="bytes">One frame or several.</param>
    /// <param name="output">Gets the client's frames.</param>
    public void Translate(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (!bytes.IsEmpty)
        {
            var space = _frames.Space().Span;
            if (space.IsEmpty)
            {
                throw new InvalidOperationException("A frame of ours is larger than a backend's may be.");
            }

            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            _frames.Advance(count);
            bytes = bytes[count..];
            while (_frames.TryRead(out var frame))
            {
                TranslateFrame(EventFrame.Read(frame), output);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    private void TranslateFrame(EventFrame frame, IBufferWriter<byte> output)
    {
        if (!frame.HasData)
        {
            return;
        }

        if (frame.IsDone)
        {
            translation.WriteEnd(output);
            return;
        }

        if (TextDelta.TryRead(frame.Data, out var text) && translation.TryWriteText(text, output))
        {
            return;
        }

        try
        {
            TranslateData(frame.Data, output);
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            throw new InvalidDataException("A chunk of the backend's answer cannot be read.", exception);
        }
    }

    private void TranslateData(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        using var data = JsonDocument.ParseValue(ref reader);
        if (data.RootElement.TryGetProperty("error"u8, out var error) && error.ValueKind == JsonValueKind.Object)
        {
            translation.WriteError(error, output);
        }
        else
        {
            translation.WriteChunk(data.RootElement, output);
        }
    }
}
