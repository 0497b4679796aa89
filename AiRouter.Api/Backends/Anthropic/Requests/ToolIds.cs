using System.Text.RegularExpressions;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>Ids of calls. Anthropic takes letters, digits, <c>_</c> and <c>-</c>; other servers make ids with more in them.</summary>
internal static partial class ToolIds
{
    /// <summary>The id that Anthropic takes: the same for the call and for what it returned.</summary>
    public static string Of(string id) => Others().Replace(id, "_");

    [GeneratedRegex("[^a-zA-Z0-9_-]")]
    private static partial Regex Others();
}
