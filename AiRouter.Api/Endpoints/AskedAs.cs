using AiRouter.Api.Admission;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Endpoints;

/// <summary>What a request was before it was shown to a backend as another one; disposing it makes it that again.</summary>
internal sealed class AskedAs(Exchange exchange, Operation operation, RequestBody? body, RequestFacts facts) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        // A stream that broke off is charged for what its backend was asked, which nobody can see from here on.
        if (exchange is { Progress: not null, Usage.IsKnown: false })
        {
            exchange.InputEstimate = FinalUsage.InputOf(exchange);
        }

        exchange.Show(operation, body, facts);
    }
}
