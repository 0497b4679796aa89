using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.OpenAi;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>A whole message, read as a chat completion.</summary>
/// <param name="inner">The message; ended by its answer.</param>
/// <param name="created">When it was made, in seconds since 1970.</param>
internal sealed class MessageBody(Stream inner, long created) : ReadOnlyStream
{
    /// <summary>Far above any message: text of a few hundred thousand tokens.</summary>
    private const int MaxLength = 32 * 1024 * 1024;

    private const int ReadSize = 16 * 1024;

    private ReadOnlyMemory<byte>? _completion;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var completion = _completion ?? await TranslateAsync(cancellationToken);
        var count = Math.Min(buffer.Length, completion.Length);
        completion[..count].CopyTo(buffer);
        _completion = completion[count..];
        return count;
    }

    private async ValueTask<ReadOnlyMemory<byte>> TranslateAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(ReadSize);
        while (await inner.ReadAsync(message.GetMemory(ReadSize), cancellationToken) is > 0 and var read)
        {
            message.Advance(read);
            if (message.WrittenCount > MaxLength)
            {
                throw new InvalidDataException("The backend's answer is too large.");
            }
        }

        return Translate(message.WrittenMemory);
    }

    /// <summary>An error in the place of an answer stays what it is: whoever reads it knows its shape.</summary>
    private ReadOnlyMemory<byte> Translate(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var completion = new ArrayBufferWriter<byte>(json.Length + 256);
            var root = document.RootElement;
            return CompletionWriter.TryWrite(root, created, completion) ? completion.WrittenMemory
                : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out _) ? json
                : throw new InvalidDataException("The backend's answer is no message.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The backend's answer is not JSON.", exception);
        }
    }
}
