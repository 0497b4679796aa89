using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Live;
using AiRouter.Admin.Management.Models;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Models;

/// <summary>A model in the table, in words.</summary>
internal static class ModelRowTexts
{
    /// <summary>What else there is to say below its name.</summary>
    public static string Notes(ModelRow row) => string.Join(" · ", new[]
    {
        row.IsPattern ? "pattern" : null,
        row.DefaultFor.Count > 0 ? $"default for {string.Join(", ", row.DefaultFor)}" : null,
        row.Config.Operations is { } operations ? $"only {string.Join(", ", operations)}" : null,
        row.Config.Fallbacks.Count > 0 ? $"falls back to {string.Join(", ", row.Config.Fallbacks.Select(static f => f.Model))}" : null,
    }.OfType<string>());

    /// <summary>Who answers.</summary>
    public static string Targets(ModelConfig model) => string.Join(", ", model.Targets.Select(static t =>
        (t.Model is null ? t.Backend : $"{t.Backend}: {t.Model}") + (t.Weight == 0 ? " (off)" : t.Priority > 0 ? " (reserve)" : "")));

    /// <summary>How it is.</summary>
    public static (StatusKind Kind, string Text) Standing(ModelRow row)
    {
        var asked = (row.Live?.Targets ?? []).Where((_, i) => i >= row.Config.Targets.Count || row.Config.Targets[i].Weight > 0).ToList();
        var usable = asked.Count(static t => t.Health is LiveHealth.Good or LiveHealth.Degraded);
        return row.Live?.Health switch
        {
            LiveHealth.Good => (StatusKind.Good, "Good"),
            LiveHealth.Down => (StatusKind.Bad, "Nobody answers"),
            LiveHealth.Degraded when usable < asked.Count => (StatusKind.Warning, $"{usable} of {asked.Count} usable"),
            LiveHealth.Degraded => (StatusKind.Warning, "Limited"),
            _ => (StatusKind.Neutral, "Unknown"),
        };
    }

    /// <summary>What is wrong, target by target.</summary>
    public static string Why(ModelRow row) => string.Join("; ", (row.Live?.Targets ?? [])
        .Where(static t => t.Health != LiveHealth.Good).Select(static t => $"{t.Backend} {StateTexts.Of(t.State)}"));
}
