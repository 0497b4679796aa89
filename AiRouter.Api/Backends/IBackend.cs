using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Health.Probes;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends;

/// <summary>
/// A configured backend at work: its connections and its health. One per kind of protocol. Disposed after a reload that
/// changed or removed it, when its last request has ended.
/// </summary>
internal interface IBackend : IAsyncDisposable
{
    /// <summary>What it was made from.</summary>
    BackendModel Model { get; }

    /// <summary>
    /// What the server behind it calls itself, as the model list shows it (<c>owned_by</c>), so that nobody takes a simulator
    /// for a model; null while or where that is not known. Never waits.
    /// </summary>
    string? ServerName { get; }

    /// <summary>Whether it understands this operation as the client asks it; else it is asked for a chat, where that is possible.</summary>
    bool Speaks(Operation operation);

    /// <summary>
    /// Answers the exchange from this backend. Null: it has been answered, an error event at the end of a broken stream
    /// included. An error: not one byte of an answer has been sent (a stream's keep-alive comments do not count), so another
    /// target may be tried, or the error written.
    /// </summary>
    ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken);

    /// <summary>Asks the backend whether it is well; beside the requests, and never with a client's credential.</summary>
    /// <param name="models">The names of models at it that should be ready, where it can be asked for them.</param>
    /// <param name="cancellationToken">Has the deadline.</param>
    ValueTask<ProbeResult> ProbeAsync(IReadOnlyCollection<string> models, CancellationToken cancellationToken);
}
