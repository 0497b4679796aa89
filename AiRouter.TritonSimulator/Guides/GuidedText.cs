using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiRouter.TritonSimulator.Guides;

/// <summary>Makes a short text that a guide allows.</summary>
internal static class GuidedText
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The text; null with the reason when there is none that the simulator can make.</summary>
    public static string? Make(Guide guide, out string problem)
    {
        problem = string.Empty;
        return guide.Kind switch
        {
            GuideKind.Json => "{}",
            GuideKind.JsonSchema => OfSchema(guide.Text, out problem),
            GuideKind.Regex => OfRegex(guide.Text, out problem),
            GuideKind.Choice => guide.Choices![0],
            _ => Refuse("a grammar", out problem),
        };
    }

    /// <summary>What XGrammar says of a regular expression that it cannot read; null when nothing is wrong.</summary>
    public static string? WhyPatternWrong(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.ECMAScript);
            return null;
        }
        catch (ArgumentException)
        {
            return "Regex parsing error at position 1: the simulator cannot read it";
        }
    }

    private static string? OfSchema(string schema, out string problem)
    {
        using var document = JsonDocument.Parse(schema);
        var instance = new SchemaSample(document.RootElement).Make();
        return instance is null ? Refuse("this JSON schema", out problem) : Accept(instance, out problem);
    }

    private static string? OfRegex(string pattern, out string problem)
    {
        var text = RegexSample.Make(pattern);
        return text is not null && Matches(pattern, text)
            ? Accept(text, out problem)
            : Refuse("this regular expression", out problem);
    }

    private static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, $@"\A(?:{pattern})\z", RegexOptions.ECMAScript, CheckTimeout);
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string Accept(string text, out string problem)
    {
        problem = string.Empty;
        return text;
    }

    private static string? Refuse(string what, out string problem)
    {
        problem = $"the simulator has no model and makes no text for {what}; tell it the answer with [[say:TEXT]]";
        return null;
    }
}
