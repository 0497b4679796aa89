using AiRouter.Api.Dialects;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Endpoints;

/// <summary>One operation of the API: a row of <see cref="OperationTable"/>.</summary>
internal sealed record Operation
{
    /// <summary>What keys, models and defaults call it (see <see cref="Core.Configuration.Operations"/>).</summary>
    public required string Name { get; init; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; init; } = HttpMethods.Post;

    /// <summary>The path behind the base path, as a route pattern: <c>/chat/completions</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What the body may be.</summary>
    public BodyKind Body { get; init; } = BodyKind.Json;

    /// <summary>Whether <c>stream: true</c> means something.</summary>
    public bool MayStream { get; init; }

    /// <summary>Translates it to chat for backends that do not speak it; null: it is passed on as it is, or not served.</summary>
    public IClientDialect? ClientDialect { get; init; }

    /// <summary>How its errors look; null: as OpenAI's.</summary>
    public ErrorForm? Errors { get; init; }

    /// <summary>What its clients look for the request's id under, beside <see cref="RequestIds.Header"/>; null: nothing else.</summary>
    public string? IdHeader { get; init; }

    /// <summary>Only the tokens of the request are counted, and nothing is generated.</summary>
    public bool CountsOnly { get; init; }

    /// <summary>Every key may use it, whatever operations it lists.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What comes over its WebSocket are requests, each of which is routed; else the WebSocket as a whole is one.</summary>
    public bool HasTurns { get; init; }

    /// <summary>Whether Azure's path form <c>/openai/deployments/{model}/…</c> has it.</summary>
    public bool IsAzure { get; init; }

    /// <summary>
    /// Whether an answer can only be JSON or events, whatever a backend's content type says. Media come as they come.
    /// </summary>
    public bool AnswersJson => Dialect != StreamDialect.Opaque;

    /// <summary>What the data events of its stream end with and how they are read.</summary>
    public StreamDialect Dialect { get; init; } = StreamDialect.Chat;
}

/// <summary>What the body of an operation may be.</summary>
internal enum BodyKind
{
    /// <summary>None (GET, DELETE).</summary>
    None,

    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>multipart/form-data.</summary>
    Multipart,

    /// <summary>Either, by content type.</summary>
    JsonOrMultipart,

    /// <summary>Anything: relayed as it is.</summary>
    Any,

    /// <summary>None: the request opens a WebSocket.</summary>
    Socket,

    /// <summary>A JSON object that has come over a WebSocket.</summary>
    Turn,
}

/// <summary>How an operation streams.</summary>
internal enum StreamDialect
{
    /// <summary>Chunks with <c>choices</c> and <c>usage</c>, ended by <c>[DONE]</c> (chat and legacy completions).</summary>
    Chat,

    /// <summary>Named events with a <c>type</c>, no <c>[DONE]</c> (Responses API).</summary>
    Responses,

    /// <summary>Named events with a <c>type</c>, no <c>[DONE]</c>, errors in a form of their own (Anthropic's Messages API).</summary>
    Messages,

    /// <summary>Events that are relayed as they are (images, audio).</summary>
    Opaque,
}
