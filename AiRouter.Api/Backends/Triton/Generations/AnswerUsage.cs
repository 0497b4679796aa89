using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>Adds up what an answer has cost.</summary>
internal static class AnswerUsage
{
    /// <summary>Each prompt once, however many choices continue it (R13); every generated token.</summary>
    public static TokenUsage Of(IReadOnlyList<Choice> choices)
    {
        var input = 0;
        var output = 0;
        var isEstimated = false;
        Prompt? counted = null;
        foreach (var choice in choices)
        {
            var (tokens, isCounted) = choice.Output();
            output += tokens;
            isEstimated |= !isCounted;
            if (ReferenceEquals(choice.Prompt, counted))
            {
                continue;
            }

            counted = choice.Prompt;
            if (CountOf(counted, choices) is { } count)
            {
                input += count;
            }
            else
            {
                input += TokenEstimate.FromBytes(counted.Text.Length);
                isEstimated = true;
            }
        }

        return new TokenUsage(input, CachedInput: 0, output, isEstimated) { Reasoning = ReasoningOf(choices) };
    }

    /// <summary>
    /// Waits for the counts that the backend was asked for. They were asked for with the answer, so as a rule they are here;
    /// the client's own deadline for them is short.
    /// </summary>
    public static async ValueTask WaitForCountsAsync(IReadOnlyList<Choice> choices)
    {
        foreach (var choice in choices)
        {
            if (choice.Prompt.Asked is { } asked)
            {
                await asked;
            }
        }
    }

    private static int? ReasoningOf(IReadOnlyList<Choice> choices)
    {
        var sum = 0;
        foreach (var choice in choices)
        {
            if (choice.ReasoningTokens is not { } tokens)
            {
                return null;
            }

            sum += tokens;
        }

        return sum;
    }

    private static int? CountOf(Prompt prompt, IReadOnlyList<Choice> choices)
    {
        foreach (var choice in choices)
        {
            if (ReferenceEquals(choice.Prompt, prompt) && choice.Generation.InputTokens is { } count)
            {
                return count;
            }
        }

        return prompt.CountTokens();
    }
}
