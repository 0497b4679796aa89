using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiRouter.Admin.OpenApi;

/// <summary>Summaries of records as the document has them: written for who reads the code, they serve who reads the API too.</summary>
internal static partial class SchemaText
{
    /// <summary>One line, without the numbers of rules, and with properties called as in JSON.</summary>
    public static string? Of(string? summary) => summary is null
        ? null
        : Property().Replace(
            Rules().Replace(Spaces().Replace(summary, " "), ""),
            static match => $"`{JsonNamingPolicy.CamelCase.ConvertName(match.Groups[1].Value)}`").Trim();

    [GeneratedRegex(@" \(R\d+(?:, R\d+)*\)")]
    private static partial Regex Rules();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // "Uri BackendConfig.Url": how a reference to a property is written out.
    [GeneratedRegex(@"[A-Za-z<>?]+ [A-Z][A-Za-z]+\.([A-Z][A-Za-z]+)")]
    private static partial Regex Property();
}
