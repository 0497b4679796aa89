using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Prompting.Formats;

/// <summary>Finds the prompt formats that models name.</summary>
internal static class PromptFormats
{
    private static readonly IPromptFormat[] BuiltIn = [PlainFormat.Instance, NoneFormat.Instance];

    /// <summary>The format, or null and what is wrong in <paramref name="load"/>.</summary>
    public static IPromptFormat? Load(string promptFormat, AssetLoad load)
    {
        if (BuiltIn.FirstOrDefault(f => f.Name == promptFormat) is { } format)
        {
            return format;
        }

        load.FailName("prompt format", promptFormat, BuiltIn.Select(f => f.Name));
        return null;
    }
}
