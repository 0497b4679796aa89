using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Endpoints;

/// <summary>
/// Every operation of the API and what becomes of it: routed by model, passed to the default backend (R5), or not served.
/// <c>docs/endpoints.md</c> shows the same rows, and a test keeps both alike.
/// </summary>
internal static class OperationTable
{
    /// <summary>What every dialect is translated to.</summary>
    public static readonly Operation Chat =
        new() { Name = Operations.Chat, Path = "/chat/completions", MayStream = true, IsAzure = true };

    /// <summary>A response, whatever brings the request for it.</summary>
    public static readonly Operation Responses = new()
    {
        Name = Operations.Responses,
        Path = "/responses",
        MayStream = true,
        Dialect = StreamDialect.Responses,
        ClientDialect = new ResponsesDialect(),
    };

    /// <summary>The same, asked for over a WebSocket.</summary>
    public static readonly Operation ResponsesTurn = Responses with { Body = BodyKind.Turn };

    /// <summary>What the counting paths of every dialect are translated to; nothing of it is on the wire.</summary>
    public static readonly Operation ChatCount = Chat with { MayStream = false, CountsOnly = true };

    /// <summary>Routed by the model that the request names.</summary>
    public static readonly IReadOnlyList<Operation> WithModel =
    [
        Chat,
        new() { Name = Operations.Completions, Path = "/completions", MayStream = true, IsAzure = true },
        new() { Name = Operations.Embeddings, Path = "/embeddings", IsAzure = true },
        Responses,
        new()
        {
            Name = Operations.Responses, Method = HttpMethods.Get, Path = "/responses", Body = BodyKind.Socket, HasTurns = true,
            Dialect = StreamDialect.Responses,
        },
        Responses with { Path = "/responses/input_tokens", MayStream = false, CountsOnly = true },
        new() { Name = Operations.Responses, Path = "/responses/compact", Dialect = StreamDialect.Responses },
        Messages("/messages"),
        Messages("/messages/count_tokens") with { MayStream = false, CountsOnly = true },
        new() { Name = Operations.Moderations, Path = "/moderations" },
        Media(Operations.Images, "/images/generations", BodyKind.Json),
        Media(Operations.Images, "/images/edits", BodyKind.JsonOrMultipart),
        Media(Operations.Images, "/images/variations", BodyKind.Multipart),
        Media(Operations.Speech, "/audio/speech", BodyKind.Json),
        Media(Operations.Transcriptions, "/audio/transcriptions", BodyKind.Multipart),
        Media(Operations.Translations, "/audio/translations", BodyKind.Multipart),
        new() { Name = Operations.Rerank, Path = "/rerank" },
        new() { Name = Operations.Score, Path = "/score" },
        new()
        {
            Name = Operations.Realtime,
            Method = HttpMethods.Get,
            Path = "/realtime",
            Body = BodyKind.Socket,
            Dialect = StreamDialect.Opaque,
        },
    ];

    /// <summary>Passed to <see cref="DefaultsConfig.Backend"/> for keys that list the operation (R5).</summary>
    public static readonly IReadOnlyList<Collection> WithoutModel =
    [
        new("stored_chat", "/chat/completions", Methods: ["GET"]),
        new("stored_responses", "/responses", Methods: [], MayBeRouters: true),
        new("voices", "/audio/voices"),
        new("voices", "/audio/voice_consents"),
        new("files", "/files"),
        new("uploads", "/uploads"),
        new("batches", "/batches"),
        new("fine_tuning", "/fine_tuning/jobs"),
        new("fine_tuning", "/fine_tuning/checkpoints", Methods: []),
        new("fine_tuning", "/fine_tuning/alpha/graders/run", Methods: ["POST"], HasObjects: false),
        new("fine_tuning", "/fine_tuning/alpha/graders/validate", Methods: ["POST"], HasObjects: false),
        new("vector_stores", "/vector_stores"),
        new("containers", "/containers"),
        new("conversations", "/conversations", Methods: ["POST"], MayBeRouters: true),
        new("skills", "/skills"),
        new("evals", "/evals"),
        new("videos", "/videos"),
        new("chatkit", "/chatkit/sessions", Methods: ["POST"]),
        new("chatkit", "/chatkit/threads", Methods: ["GET"]),
        new("assistants", "/assistants"),
        new("threads", "/threads", Methods: ["POST"]),
        new("threads", "/threads/runs", Methods: ["POST"], HasObjects: false),
    ];

    /// <summary>Known, and answered with 501.</summary>
    public static readonly IReadOnlyList<UnservedPath> Unserved =
    [
        new("POST", "/realtime/{**rest}", "it hands out access to the backend itself"),
        new("POST", "/content_provenance_checks", "it is not served yet"),
        new("DELETE", "/models/{**id}", "models are taken away in the configuration"),
    ];

    // A chat in other words: keys and models that may chat may do this.
    private static Operation Messages(string path) => new()
    {
        Name = Operations.Chat,
        Path = path,
        MayStream = true,
        Dialect = StreamDialect.Messages,
        ClientDialect = MessagesDialect.Instance,
        IdHeader = "request-id",
        Errors = new ErrorForm(MessagesError.StatusOf, MessagesError.ToJson),
    };

    private static Operation Media(string name, string path, BodyKind body) => new()
    {
        Name = name,
        Path = path,
        Body = body,
        MayStream = true,
        IsAzure = true,
        Dialect = StreamDialect.Opaque,
    };
}

/// <summary>Objects that are made and kept at a backend: a collection, and what lies below each of its objects.</summary>
/// <param name="Name">The operation, as keys list it.</param>
/// <param name="Path">The collection's path.</param>
/// <param name="Methods">What the collection itself takes; by default GET (a list) and POST (a new object).</param>
/// <param name="HasObjects">Whether <c>{path}/{id}</c> and what is below exist.</param>
/// <param name="MayBeRouters">The router itself keeps such objects, where <c>server.responses.storeHours</c> says so.</param>
internal sealed record Collection(
    string Name, string Path, IReadOnlyList<string>? Methods = null, bool HasObjects = true, bool MayBeRouters = false)
{
    /// <summary>What the collection itself takes.</summary>
    public IReadOnlyList<string> CollectionMethods => Methods ?? ["GET", "POST"];
}

/// <summary>A path that is known but not served.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Route pattern.</param>
/// <param name="Why">For the client.</param>
internal sealed record UnservedPath(string Method, string Path, string Why);
