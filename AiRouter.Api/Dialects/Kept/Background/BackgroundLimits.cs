namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>What a process spends on responses that it makes in the background.</summary>
internal sealed record BackgroundLimits
{
    /// <summary>The most at a time.</summary>
    public int MostJobs { get; init; } = 256;

    /// <summary>The most bytes that they have together: their requests, and what those go on from.</summary>
    public long MostBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest that one may take.</summary>
    public TimeSpan LongestJob { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often a job says that it lives; so late it hears at most that it was cancelled at another replica.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after its last sign of life a job counts as lost.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(30);
}
