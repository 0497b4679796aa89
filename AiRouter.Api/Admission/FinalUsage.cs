using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Admission;

/// <summary>
/// What a request has used when it is over: what the model says, else what came of its answer, else, where an answer may have been
/// generated that nobody saw, the most that it could be. Nothing for an error in the place of an answer.
/// </summary>
internal static class FinalUsage
{
    /// <summary>Sets <see cref="Exchange.Usage"/>.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="error">Why it has no whole answer; null: it has one.</param>
    public static void Apply(Exchange exchange, ApiError? error)
    {
        if (error is null)
        {
            if (!exchange.Usage.IsKnown && IsReserved(exchange))
            {
                exchange.Usage = OfUntold(exchange);
            }

            return;
        }

        if (exchange.Progress is { } progress)
        {
            exchange.Usage = exchange.Usage.IsKnown
                ? exchange.Usage with { Output = Math.Max(exchange.Usage.Output, progress.Output), IsEstimated = true }
                : Estimate(InputOf(exchange), progress.Output);
        }

        var mayHaveAnswer = MayHaveAnswer(error.Cause);
        if (exchange.Usage is { IsKnown: true, Output: 0 } && !mayHaveAnswer)
        {
            exchange.Usage = default;
        }
        else if (!exchange.Usage.IsKnown && mayHaveAnswer && IsReserved(exchange))
        {
            exchange.Usage = OfSize(exchange.Limits!.Size);
        }
    }

    private static bool IsReserved(Exchange exchange) => exchange is { Model: not null, Limits.Reservation: not null };

    /// <summary>The backend worked, and nobody saw on what, or how far. Every other error comes instead of an answer.</summary>
    private static bool MayHaveAnswer(ErrorCause cause) => cause is
        ErrorCause.ClientGone or ErrorCause.BackendTimeout or ErrorCause.BackendStreamBroken or ErrorCause.BackendProtocol or
        ErrorCause.Internal;

    /// <summary>A whole answer without figures.</summary>
    private static TokenUsage OfUntold(Exchange exchange) => exchange.Operation.Name switch
    {
        Operations.Embeddings or Operations.Moderations or Operations.Rerank or Operations.Score =>
            Estimate(InputOf(exchange), output: 0),

        // Images and audio count by fixed figures (R32); a text without figures has been estimated before, or counts as reserved.
        _ => OfSize(exchange.Limits!.Size),
    };

    /// <summary>The tokens of the input, counted where they can be.</summary>
    public static int InputOf(Exchange exchange) => exchange.InputEstimate ?? exchange.Input?.Total ?? exchange.Body switch
    {
        JsonBody json when PromptEstimate.Of(json) is 0 => TokenEstimate.FromBytes(json.Json.Length),
        var body => PromptEstimate.Of(body),
    };

    private static TokenUsage Estimate(int input, int output) => new(input, CachedInput: 0, output, IsEstimated: true);

    private static TokenUsage OfSize(RequestSize size) => new(
        (int)Math.Min(size.Input, int.MaxValue / 2), CachedInput: 0, (int)Math.Min(size.Output, int.MaxValue / 2), IsEstimated: true);
}
