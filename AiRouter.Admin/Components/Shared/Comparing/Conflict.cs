using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Shared.Comparing;

/// <summary>
/// A record that somebody else changed while it was edited here. The texts are shown as they are: credentials must be hidden in them
/// (<c>Shown</c>).
/// </summary>
/// <param name="What">What it is, as a sentence begins: <c>The model "llama"</c>.</param>
/// <param name="Began">YAML or JSON of the record as the edit began with it; null: it was not there.</param>
/// <param name="Now">As it is now; null: it was removed.</param>
/// <param name="Wanted">As whoever edits wants it; null: removed.</param>
public sealed record Conflict(string What, string? Began, string? Now, string? Wanted)
{
    /// <summary>JSON of the record with both changes; null: both change the same, or one removes it.</summary>
    public string? Merged { get; init; }

    /// <summary>The fields that both change, each to something else.</summary>
    public IReadOnlyList<string> Overlaps { get; init; } = [];

    /// <summary>Who changed it meanwhile, if that is known.</summary>
    public string? By { get; init; }

    /// <summary>When, if that is known.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>A conflict of records given as JSON: shown as YAML, and merged where that can be done.</summary>
    /// <param name="what">What it is, as a sentence begins: <c>The model "llama"</c>.</param>
    /// <param name="began">The record as the edit began with it; null: it was not there.</param>
    /// <param name="now">As it is now; null: it was removed.</param>
    /// <param name="wanted">As whoever edits wants it; null: removed.</param>
    public static Conflict OfJson(string what, string? began, string? now, string? wanted)
    {
        var merge = began is null || now is null || wanted is null ? null : RecordMerge.Of(began, now, wanted);
        return new Conflict(what, Yaml(began), Yaml(now), Yaml(wanted)) { Merged = merge?.Json, Overlaps = merge?.Overlaps ?? [] };
    }

    // A record of nothing but defaults is an empty text: "{}" would look like a line that goes.
    private static string? Yaml(string? json) => json is null ? null : json == "{}" ? "" : ConfigurationJson.ToYaml(json);
}

/// <summary>What is to become of a <see cref="Conflict"/>.</summary>
public enum ConflictAnswer
{
    /// <summary>Nothing yet: back to the form, with everything as it was.</summary>
    GoOnEditing,

    /// <summary>My change is given up, the form shows what is there now.</summary>
    TakeTheirs,

    /// <summary>My record is saved as it is; what the other changed in it is lost.</summary>
    SaveMine,

    /// <summary><see cref="Conflict.Merged"/> is saved.</summary>
    SaveBoth,
}
