using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>A successful answer to a translated request: a message, read as chat.</summary>
internal sealed class MessagesResponse : UpstreamResponse
{
    private readonly UpstreamResponse _inner;
    private readonly bool _isEvents;

    /// <summary>Begins with the answer's head.</summary>
    /// <param name="inner">The message; ended with this.</param>
    /// <param name="created">Now, in seconds since 1970.</param>
    /// <param name="memory">What a whole answer is held in.</param>
    public MessagesResponse(UpstreamResponse inner, long created, AnswerMemory memory)
    {
        _inner = inner;
        _isEvents = MediaTypes.IsEvents(inner);
        var body = ContentEncodings.Decode(inner.Body, inner.Header(ResponseHeader.ContentEncoding));
        Body = _isEvents ? new MessagesEvents(body, new ChunkTranslation(created)) : new MessageBody(body, created, memory);
    }

    /// <inheritdoc/>
    public override int Status => _inner.Status;

    /// <inheritdoc/>
    public override long? ContentLength => null;

    /// <inheritdoc/>
    public override Stream Body { get; }

    /// <inheritdoc/>
    public override string? Header(ResponseHeader header) => header switch
    {
        ResponseHeader.ContentType => _isEvents ? "text/event-stream" : "application/json",
        ResponseHeader.ContentEncoding => null,
        _ => _inner.Header(header),
    };

    /// <inheritdoc/>
    public override void Dispose()
    {
        Body.Dispose();
        _inner.Dispose();
    }
}
