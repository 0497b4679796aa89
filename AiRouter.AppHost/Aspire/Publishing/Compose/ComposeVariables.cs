using System.Text.RegularExpressions;

namespace AiRouter.AppHost.Aspire.Publishing.Compose;

/// <summary>Variables that Compose puts in.</summary>
internal static partial class ComposeVariables
{
    /// <summary>The text, in which Compose stops at every variable that nobody has set.</summary>
    public static string Required(string text) =>
        Variable().Replace(text, static match => $"${{{match.Groups["name"].Value}:?is missing in .env}}");

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
