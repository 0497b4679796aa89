using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>A whole message, read as a chat completion.</summary>
/// <param name="inner">The message; ended by its answer.</param>
/// <param name="created">When it was made, in seconds since 1970.</param>
/// <param name="memory">What it is held in.</param>
internal sealed class MessageBody(Stream inner, long created, AnswerMemory memory) : ReadOnlyStream
{
    /// <summary>Far above any message: text of a few hundred thousand tokens.</summary>
    private const int MaxLength = 32 * 1024 * 1024;

    private readonly PooledBytes _completion = memory.Begin();
    private ReadOnlyMemory<byte>? _rest;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var rest = _rest ?? await TranslateAsync(cancellationToken);
        var count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        _rest = rest[count..];
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rest = ReadOnlyMemory<byte>.Empty;
            _completion.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<ReadOnlyMemory<byte>> TranslateAsync(CancellationToken cancellationToken)
    {
        using var message = memory.Begin();
        Check(await message.ReadAsync(inner, declaredLength: null, MaxLength, memory.Most, cancellationToken));
        var completion = Translate(message.Memory);
        Check(_completion.Copy(completion.Span, memory.Most));
        return _completion.Memory;
    }

    private static void Check(ApiError? error)
    {
        if (error is not null)
        {
            throw error.Cause == ErrorCause.OutOfBuffers
                ? new OutOfBuffersException()
                : new InvalidDataException("The backend's answer is too large.");
        }
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
