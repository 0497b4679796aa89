namespace AiRouter.Core.Stores;

/// <summary>A document to be saved.</summary>
/// <param name="Json">The document, as <see cref="Configuration.ConfigurationJson"/> writes it.</param>
/// <param name="By">Who saves it.</param>
/// <param name="Comment">Why, in the words of whoever saves it.</param>
/// <param name="Differences">What changes, secrets left out (<see cref="Configuration.ConfigurationDiff"/>).</param>
public sealed record ConfigurationSave(string Json, string By, string? Comment, IReadOnlyList<ConfigurationDifference> Differences)
{
    /// <summary>What saves it.</summary>
    public ConfigurationOrigin Origin { get; init; } = ConfigurationOrigin.Person;

    /// <summary>The new version is higher than this: what routers may have served before the store lost it.</summary>
    public long Above { get; init; }
}

/// <summary>What saves a document.</summary>
public enum ConfigurationOrigin
{
    /// <summary>Somebody with the role, by whatever tool.</summary>
    Person,

    /// <summary>The first router, from its file, into a store that has never had a document.</summary>
    Seed,

    /// <summary>A router whose file rules.</summary>
    GitOps,
}

/// <summary>One value that changed.</summary>
/// <param name="Path">Where, as in <c>models.llama.targets[0].weight</c>.</param>
/// <param name="Before">JSON; null: it was not there.</param>
/// <param name="After">JSON; null: it is gone.</param>
public sealed record ConfigurationDifference(string Path, string? Before, string? After);

/// <summary>One entry of the history.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Comment">Why.</param>
/// <param name="Differences">What changed.</param>
public sealed record ConfigurationChange(
    long Version, DateTimeOffset At, string By, string? Comment, IReadOnlyList<ConfigurationDifference> Differences);

/// <summary>How a save ended.</summary>
/// <param name="Result">Whether it was saved, and if not, why.</param>
/// <param name="Version">The current version: the new one, or the one that stood in the way.</param>
public readonly record struct SaveOutcome(SaveResult Result, long Version)
{
    /// <summary>Whether it was saved.</summary>
    public bool IsSaved => Result == SaveResult.Saved;

    /// <summary>The file that rules, with <see cref="SaveResult.Ruled"/>.</summary>
    public ConfigurationRuler? Ruler { get; init; }
}

/// <summary>How a save ended.</summary>
public enum SaveResult
{
    /// <summary>It is the current document now.</summary>
    Saved,

    /// <summary>The current version is another than was expected.</summary>
    Conflict,

    /// <summary>A file rules (R35).</summary>
    Ruled,

    /// <summary>Not a seed's business: the store has or had a document (R36).</summary>
    Lost,
}
