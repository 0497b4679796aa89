using System.Text.Json;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Objects;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>One try of one request at one target: what it holds until it has ended.</summary>
internal sealed class Attempt : IAsyncDisposable
{
    private readonly ObjectOwners _owners;
    private ForwardedContent? _content;
    private GeneratedText? _text;

    /// <summary>Begins; its deadline runs already.</summary>
    public Attempt(
        Exchange exchange, TargetModel target, BackendModel backend, BodyBudget budget, ObjectOwners owners, AttemptDeadline deadline)
    {
        Exchange = exchange;
        Target = target;
        Backend = backend;
        Budget = budget;
        _owners = owners;
        Deadline = deadline;
    }

    /// <summary>The request that is served.</summary>
    public Exchange Exchange { get; }

    /// <summary>Who is asked.</summary>
    public TargetModel Target { get; }

    /// <summary>The request is routed by a model; else it is about objects that the backend keeps.</summary>
    public bool HasModel => Exchange.Model is not null;

    /// <summary>The backend.</summary>
    public BackendModel Backend { get; }

    /// <summary>What buffered answers come out of too.</summary>
    public BodyBudget Budget { get; }

    /// <summary>Its deadlines; ended with it.</summary>
    public AttemptDeadline Deadline { get; }

    /// <summary>Who streams.</summary>
    public StreamPlan Plan { get; init; }

    /// <summary>The client's own credential went along, so the backend's refusals are the client's to see (R24).</summary>
    public bool ForwardedCredential { get; private set; }

    /// <summary>
    /// The generated text, where the backend is not asked for the usage of its stream and a tokenizer can count instead.
    /// </summary>
    public GeneratedText? Text => Plan.AskUsage || Exchange.Input is null ? null : _text ??= new GeneratedText();

    /// <summary>The answer, once it has begun.</summary>
    public UpstreamResponse? Response { get; set; }

    /// <summary>The model's name at the backend, when it is not the public one: it must not show.</summary>
    public string? HiddenModel => Target.Config.Model is { Length: > 0 } && Exchange.Model is { } model &&
        Target.NameFor(model) is { Length: > 0 } name && name != Exchange.PublicName ? name : null;

    /// <summary>The answer made an object that the backend may keep: from now on it is this client's (R5).</summary>
    public void RememberObject(string? id)
    {
        var operation = Exchange.Operation;
        var makesObject = HasModel
            ? operation.Name == Operations.Responses || operation is { Name: Operations.Chat, Dialect: StreamDialect.Chat }
            : HttpMethods.IsPost(Exchange.Http.Request.Method);
        if (makesObject && id is not null)
        {
            var name = Exchange.PublicName;
            _owners.Add(id, new OwnedObject(Exchange.Client?.Id, Backend.Name, name.Length > 0 ? name : null), IsKept());
        }
    }

    // Nearly no chat is kept, and every response unless the client says so. A store that learned of each answer would learn of
    // millions that nobody can ask for again.
    private bool IsKept()
    {
        if (!HasModel || Exchange.Body is not JsonBody body)
        {
            return true;
        }

        var store = body.Index.Find("store"u8).Type;
        return Exchange.Operation.Name == Operations.Chat ? store == JsonTokenType.True : store != JsonTokenType.False;
    }

    /// <summary>The answer, without other clients' objects where it is a list of a whole collection (R5).</summary>
    /// <returns>The list; or why there is none.</returns>
    public ValueTask<(ReadOnlyMemory<byte> Json, ApiError? Error)> FilterListAsync(ReadOnlyMemory<byte> json) =>
        !HasModel && HttpMethods.IsGet(Exchange.Http.Request.Method) && Exchange.Http.GetRouteValue("id") is null
            ? ObjectListFilter.FilterAsync(json, _owners, Exchange.Client, Deadline.Token)
            : ValueTask.FromResult<(ReadOnlyMemory<byte>, ApiError?)>((json, null));

    /// <summary>The request to send.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="own">The backend's own headers.</param>
    /// <param name="content">The body, or null.</param>
    /// <param name="method">Another method than the client's; null: the client's.</param>
    public UpstreamRequest CreateRequest(UpstreamAddress address, OwnHeaders own, ForwardedContent? content, string? method = null)
    {
        _content = content;
        var request = new UpstreamRequest(method ?? Exchange.Http.Request.Method, address, own) { Content = content };
        ForwardedCredential = RequestHeaders.Add(request, Exchange, Backend.Credential);
        return request;
    }

    /// <summary>The answer's body, decoded if the backend has encoded it although it was asked not to.</summary>
    public Stream OpenBody() =>
        ContentEncodings.Decode(new DeadlineStream(Response!.Body, Deadline), Response.Header(ResponseHeader.ContentEncoding));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Response?.Dispose();
        _text?.Dispose();
        if (_content is not null && !_content.ReleasedAsync().IsCompleted)
        {
            // The backend has answered before it took the whole body; nobody will send it the rest.
            await Deadline.CancelAsync();
            await _content.ReleasedAsync();
        }

        Deadline.Dispose();
    }
}
