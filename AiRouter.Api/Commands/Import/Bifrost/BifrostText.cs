using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>
/// Texts that may be in a variable: as people write them (<c>"…"</c> or <c>"env.NAME"</c>), or as Bifrost writes them
/// (<c>{ "value": "…", "env_var": "env.NAME", "from_env": true }</c>).
/// </summary>
internal static class BifrostText
{
    /// <summary>The text, or the reference to the variable that has it; null: there is none.</summary>
    public static SourceValue? Of(SourceValue? value)
    {
        if (value is not { Kind: SourceKind.Map })
        {
            return value;
        }

        if (!value.Has("value") && !value.Has("env_var"))
        {
            return value;
        }

        value.TakeAll();
        return new[] { value.Find("env_var"), value.Find("value") }
            .FirstOrDefault(static v => v is { IsScalar: true, IsNull: false, Text.Length: > 0 });
    }
}
