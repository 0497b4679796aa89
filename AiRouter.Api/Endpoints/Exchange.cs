using AiRouter.Api.Admission;
using AiRouter.Api.Backends;
using AiRouter.Api.Draining;
using AiRouter.Api.Errors;
using AiRouter.Api.Queueing;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using AiRouter.Api.Sockets.Turns;
using AiRouter.Api.Streaming;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Endpoints;

/// <summary>
/// One request on its way through the router. Each step (see <see cref="RequestHandler"/>) reads what the steps before it
/// found and adds its own; nothing is shared between requests.
/// </summary>
internal sealed class Exchange : IAsyncDisposable
{
    private readonly Operation _asked;

    /// <summary>Begins with what is known from the request line.</summary>
    public Exchange(HttpContext http, Operation operation, RouterState state, string requestId)
    {
        Http = http;
        _asked = Operation = operation;
        State = state;
        RequestId = requestId;
    }

    /// <summary>The HTTP request and response.</summary>
    public HttpContext Http { get; }

    /// <summary>What is asked: by the client, or while a translated attempt runs, of its backend.</summary>
    public Operation Operation { get; private set; }

    /// <summary>A backend is asked something else than the client asked, which means the same.</summary>
    public bool IsTranslated => !ReferenceEquals(Operation, _asked);

    /// <summary>The configuration that the request is served from, whatever is reloaded meanwhile.</summary>
    public RouterState State { get; }

    /// <summary>The client's <c>x-request-id</c>, or one of ours.</summary>
    public string RequestId { get; }

    /// <summary>The client keys that it is checked against, from its first step to its end.</summary>
    public ClientKeys Keys { get => field ?? State.Model.Keys; set; }

    /// <summary>Who asks; null is anonymous.</summary>
    public ClientKey? Client { get; set; }

    /// <summary>The admin who asks from the playground, for <see cref="Client"/> or for no key (R7); null: a client asks.</summary>
    public string? Admin { get; set; }

    /// <summary>The credential as the client sent it when it is not one of ours, for <c>apiKey: forward</c> (R2).</summary>
    public string? ForwardableCredential { get; set; }

    /// <summary>The body, read whole.</summary>
    public RequestBody? Body { get; set; }

    /// <summary>What routing needs of it.</summary>
    public RequestFacts Facts { get; set; } = RequestFacts.None;

    /// <summary>The model from the path (Azure dialect); it stands over the body's.</summary>
    public string? PathModel { get; set; }

    /// <summary>The path asked of a backend, behind its base URL and escaped; the operation's, unless an id stands in it.</summary>
    public string UpstreamPath { get => field ?? Operation.Path; set; }

    /// <summary>Who serves it.</summary>
    public ResolvedModel? Model { get; set; }

    /// <summary>The response as a stream of events; null until a backend begins one.</summary>
    public EventStream? Events { get; set; }

    /// <summary>The exact tokens of the input; null: no tokenizer is configured, or the answer's own path counts them.</summary>
    public InputCount? Input { get; set; }

    /// <summary>
    /// The estimated tokens of the input that a backend was asked, where that was not the client's body: a conversation that is kept
    /// was put before it. Null: the body tells.
    /// </summary>
    public int? InputEstimate { get; set; }

    /// <summary>The name of the backend that was asked last; null: none was.</summary>
    public string? Backend { get; set; }

    /// <summary>What the attempt that runs adds to its target's load; null before the first.</summary>
    public RequestLoad? Load { get; set; }

    /// <summary>The beginnings of its prompt, once a policy has asked for them.</summary>
    public PrefixChain? Prefix { get; set; }

    /// <summary>Attempts at backends so far.</summary>
    public int Attempts { get; set; }

    /// <summary>When it came in, by the clock's timestamps.</summary>
    public long Started { get; set; }

    /// <summary>When the attempt that is under way began; null: none is.</summary>
    public long? AttemptStarted { get; set; }

    /// <summary>
    /// When the client began to wait for a stream whose first attempts failed, by <see cref="KeepAliveClock.Now"/>; null: none did.
    /// </summary>
    public long? SilentSince { get; set; }

    /// <summary>How long it has waited for a place.</summary>
    public TimeSpan QueueTime { get; set; }

    /// <summary>Its place among the requests of its model that are served.</summary>
    public QueuePlace Place { get; set; }

    /// <summary>Its span, for as long as it is under way; null: it is not traced.</summary>
    public RequestSpan? Span { get; set; }

    /// <summary>Both bodies, for the request log; null unless the key's are kept.</summary>
    public BodyCapture? Bodies { get; set; }

    /// <summary>The tokens that the answer has cost, as far as known.</summary>
    public TokenUsage Usage { get; set; }

    /// <summary>What has come of a streamed answer; null: it is not streamed, or its usage is known exactly.</summary>
    public AnswerProgress? Progress { get; set; }

    /// <summary>How long backends have worked on it, attempts that failed included.</summary>
    public TimeSpan BackendTime { get; set; }

    /// <summary>How long the backend has worked that was asked last: what is charged for.</summary>
    public TimeSpan AnswerTime { get; set; }

    /// <summary>What it has cost, in billionths of a US dollar; set at its end.</summary>
    public long NanoUsd { get; set; }

    /// <summary>What limits it, once its model is known; null: nothing.</summary>
    public RequestLimits? Limits { get; set; }

    /// <summary>The limits of its client were looked at before its body was read.</summary>
    public bool IsCheckedEarly { get; set; }

    /// <summary>How its limits stand was put into the answer's headers.</summary>
    public bool ShowsLimits { get; set; }

    /// <summary>The store has kept it waiting once: it is not asked again.</summary>
    public bool HasWaitedForStore { get; set; }

    /// <summary>
    /// The token limit that the backend is sent where the request names none, so that what was reserved is an upper bound (R32).
    /// Null: the backend's own, or the model's default.
    /// </summary>
    public int? TokenLimit { get; set; }

    /// <summary>Why an answer that had begun was broken off, where it is no stream of events.</summary>
    public ApiError? Failure { get; set; }

    /// <summary>What counts it while it is under way, and cuts it off; disposed with the exchange.</summary>
    public RunningRequest? Running { get; init; }

    /// <summary>The client has gone, or the router cuts the request off at its stop: <see cref="BrokenOff"/> tells which.</summary>
    public CancellationToken Aborted => Running?.Token ?? Http.RequestAborted;

    /// <summary>Why the request ended before its answer did; null: nobody ended it.</summary>
    public ApiError? BrokenOff => Http.RequestAborted.IsCancellationRequested ? DrainErrors.ClientGone
        : Running is { Token.IsCancellationRequested: true } ? DrainErrors.CutOff
        : null;

    /// <summary>The name that answers go out under: what the client asked for (R10: the default's when it named none).</summary>
    public string PublicName => StoredName ?? PathModel ?? Facts.Model ?? Model?.Name ?? "";

    /// <summary>The public name under which a stored object was made, when the request is about one (R5).</summary>
    public string? StoredName { get; set; }

    /// <summary>The only backend that can answer: it keeps an object that the request refers to (R5).</summary>
    public string? PinnedBackend { get; set; }

    /// <summary>The event of a WebSocket that it is; null: it came as a request of its own.</summary>
    public Turn? Turn { get; init; }

    /// <summary>The response that the router itself keeps and that the request goes on from, or is about; null: there is none.</summary>
    public string? GoesOnFrom { get; set; }

    /// <summary>It was answered with a promise, and a request of its own keeps that: usage is counted there.</summary>
    public bool IsHandedOn { get; set; }

    /// <summary>The attempt that runs; null before the first.</summary>
    public TargetAttempt? Attempt { get; set; }

    /// <summary>Shows the request as another one that means the same, until what this returns is disposed.</summary>
    public AskedAs AskAs(Operation operation, RequestBody body, RequestFacts facts)
    {
        var before = new AskedAs(this, Operation, Body, Facts);
        Show(operation, body, facts);
        return before;
    }

    /// <summary>See <see cref="AskAs"/>.</summary>
    internal void Show(Operation operation, RequestBody? body, RequestFacts facts)
    {
        (Operation, Body, Facts) = (operation, body, facts);
        Events?.Dialect = operation.Dialect;
    }

    /// <summary>The first event of a streamed answer goes out.</summary>
    public void NoteFirstData()
    {
        Load?.FirstData();
        Attempt?.AnswerBegan();
    }

    /// <summary>Gives its place back, if it has one.</summary>
    public void LeaveQueue()
    {
        var place = Place;
        Place = default;
        place.GiveBack();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            LeaveQueue();
            if (Events is not null)
            {
                await Events.DisposeAsync();
            }

            Body?.Dispose();
        }
        finally
        {
            Running?.Dispose();
        }
    }
}
