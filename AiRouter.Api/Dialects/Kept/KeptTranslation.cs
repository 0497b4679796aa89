using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Streaming;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>A translation to the Responses API of which the whole response is taken a copy of, before the client has it.</summary>
/// <param name="inner">Translates.</param>
/// <param name="keep">Takes the response.</param>
internal sealed class KeptTranslation(IAnswerTranslation inner, Action<JsonObject> keep) : IAnswerTranslation
{
    /// <inheritdoc/>
    public void WriteWhole(JsonElement completion, IBufferWriter<byte> output)
    {
        var written = new ArrayBufferWriter<byte>();
        inner.WriteWhole(completion, written);
        keep(JsonBytes.ReadObject(written.WrittenSpan));
        output.Write(written.WrittenSpan);
    }

    /// <inheritdoc/>
    public void WriteChunk(JsonElement chunk, IBufferWriter<byte> output) => inner.WriteChunk(chunk, output);

    /// <inheritdoc/>
    public bool TryWriteText(in TextDelta delta, IBufferWriter<byte> output) => inner.TryWriteText(delta, output);

    /// <inheritdoc/>
    public void WriteEnd(IBufferWriter<byte> output)
    {
        var written = new ArrayBufferWriter<byte>();
        inner.WriteEnd(written);

        // The last event of a stream has the whole response.
        var frames = written.WrittenSpan;
        var last = frames[..^2].LastIndexOf("\n\n"u8) is >= 0 and var end ? frames[(end + 2)..] : frames;
        keep((JsonObject)JsonBytes.ReadObject(EventFrame.Read(last).Data)["response"]!.DeepClone());
        output.Write(frames);
    }

    /// <inheritdoc/>
    public void WriteError(JsonElement error, IBufferWriter<byte> output) => inner.WriteError(error, output);
}
