namespace AiRouter.Prompting.Jinja;

/// <summary>How a template is rendered.</summary>
public sealed record JinjaOptions
{
    /// <summary>The options unless told otherwise.</summary>
    public static JinjaOptions Default { get; } = new();

    /// <summary>What the rendering may use.</summary>
    public JinjaLimits Limits { get; init; } = JinjaLimits.Default;

    /// <summary>The clock that <c>strftime_now</c> shows, in its local time zone.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The moment that <c>strftime_now</c> shows instead of the clock's.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>When it is cancelled, the rendering ends as at a limit. It is looked at every few thousand steps.</summary>
    public CancellationToken Deadline { get; init; }
}
