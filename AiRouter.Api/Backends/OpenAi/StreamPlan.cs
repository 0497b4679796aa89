using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Who streams: what the client wants and what the backend is asked for need not be the same.</summary>
/// <param name="ToClient">The client wants a stream.</param>
/// <param name="FromBackend">The backend is asked for one.</param>
/// <param name="AskUsage">The backend is asked for the usage of its stream (R28).</param>
internal readonly record struct StreamPlan(bool ToClient, bool FromBackend, bool AskUsage)
{
    /// <summary>As the target is configured; dialects that cannot be translated stream as the client asks.</summary>
    public static StreamPlan For(Exchange exchange, TargetModel target)
    {
        var operation = exchange.Operation;
        var wants = exchange.Facts.Stream;
        if (exchange.Turn is not null)
        {
            // Over a WebSocket there is nothing but a stream.
            return new StreamPlan(ToClient: true, FromBackend: true, AskUsage: false);
        }

        if (!operation.MayStream || operation.Dialect == StreamDialect.Opaque)
        {
            return new StreamPlan(wants, wants, AskUsage: false);
        }

        var asks = target.Config.Stream switch
        {
            TargetStream.Always => true,
            TargetStream.Never => false,
            _ => wants,
        };
        return new StreamPlan(
            wants, asks, asks && operation.Dialect == StreamDialect.Chat && target.Backend.Config.StreamUsage);
    }
}
