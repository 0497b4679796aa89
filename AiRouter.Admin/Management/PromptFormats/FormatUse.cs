using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats.Preview;

namespace AiRouter.Admin.Management.PromptFormats;

/// <summary>Which models use which prompt formats.</summary>
internal static class FormatUse
{
    /// <summary>What a model names, the format of most of its targets first (R21).</summary>
    public static IReadOnlyList<string> Of(ModelConfig model) =>
        [.. model.Targets.Select(t => t.PromptFormat ?? model.PromptFormat).DefaultIfEmpty(model.PromptFormat)
            .GroupBy(static f => f).OrderByDescending(static g => g.Count()).Select(static g => g.Key)];

    /// <summary>The models whose prompts a format makes: those with a backend that leaves that to the router.</summary>
    public static IReadOnlyList<string> By(ListedFormat format, RouterConfig config) =>
        [.. config.Models.Where(m => Uses(m.Value, format, config)).Select(static m => m.Key).Order(StringComparer.Ordinal)];

    private static bool Uses(ModelConfig model, ListedFormat format, RouterConfig config) => model.Targets.Any(target =>
        IsOf(format, target.PromptFormat ?? model.PromptFormat) &&
        (target.PromptFormat is not null || model.PromptFormat != new ModelConfig().PromptFormat ||
            config.Backends.GetValueOrDefault(target.Backend)?.Kind == BackendKind.Triton));

    private static bool IsOf(ListedFormat format, string named) =>
        named == format.Name || format.File is { } file && (named == file || named == Path.GetFileName(file));
}
