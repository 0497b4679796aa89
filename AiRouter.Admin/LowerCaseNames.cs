using System.Text.Json;

namespace AiRouter.Admin;

/// <summary>Names of enums as the configuration document has them: in lower case.</summary>
internal sealed class LowerCaseNames : JsonNamingPolicy
{
    private LowerCaseNames()
    {
    }

    /// <summary>The policy.</summary>
    public static LowerCaseNames Policy { get; } = new();

    /// <inheritdoc/>
    public override string ConvertName(string name) => name.ToLowerInvariant();
}
