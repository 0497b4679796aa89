using AiRouter.Api.Requests;

namespace AiRouter.Api.Endpoints;

/// <summary>What a request was before it was shown to a backend as another one; disposing it makes it that again.</summary>
internal sealed class AskedAs(Exchange exchange, Operation operation, RequestBody? body, RequestFacts facts) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => exchange.Show(operation, body, facts);
}
