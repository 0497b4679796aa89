using System.Text.RegularExpressions;

namespace AiRouter.Api.Backends.Triton;

/// <summary>
/// What the client is told of a prompt that the backend found too long. Of the backend's own text nothing but the numbers
/// goes out (R39), in the sentences of <c>triton.md</c> §2.
/// </summary>
internal static partial class TooLongMessage
{
    private const string WithoutNumbers =
        "The prompt and the tokens asked for are more than the model's context holds. Shorten the prompt.";

    /// <summary>The message, with numbers where the backend told them.</summary>
    public static string Of(string? detail)
    {
        var match = Numbers().Match(detail ?? "");
        if (!match.Success)
        {
            return WithoutNumbers;
        }

        var what = match.Groups["input"].Success ? "input" : "context";
        return $"This model's maximum {what} length is {match.Groups["limit"].Value} tokens. However, your request has " +
            $"{match.Groups["asked"].Value} tokens. Please reduce the length of the prompt.";
    }

    [GeneratedRegex(
        @"\(?(?:length|total length|Prompt length of|Prompt length \() ?(?<asked>\d+)\)?[^0-9]{0,60}?" +
        @"(?:maximum (?<input>input) length|maximum sequence length|maximum model length of|context length) ?\(?(?<limit>\d+)" +
        @"|maximum context length is (?<limit>\d+) tokens[^0-9]{0,40}(?<asked>\d+) tokens",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
