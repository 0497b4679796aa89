using AiRouter.Api.Endpoints;
using AiRouter.Api.Streaming;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Requests;

/// <summary>The usage of an answer of which the backend tells none: counted where that can be exact, else estimated (R28).</summary>
internal static class AnswerEstimate
{
    /// <summary>The usage of an answer in one piece.</summary>
    public static TokenUsage OfWhole(Exchange exchange, ReadOnlySpan<byte> json, long textBytes)
    {
        using var text = exchange.Input is null ? null : new GeneratedText();
        text?.Add(json);
        return Of(exchange, text, textBytes);
    }

    /// <summary>The usage of a stream.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="text">What was generated; null: nobody kept it.</param>
    /// <param name="textBytes">How long it is.</param>
    public static TokenUsage Of(Exchange exchange, GeneratedText? text, long textBytes)
    {
        var input = exchange.Input?.Total;
        var output = exchange.Model?.Model.Tokenizer is { } tokenizer ? text?.Count(tokenizer) : null;
        return new TokenUsage(
            input ?? PromptEstimate.Of(exchange.Body), CachedInput: 0, output ?? TokenEstimate.FromBytes(textBytes),
            IsEstimated: input is null || output is null);
    }
}
