namespace AiRouter.Core.Metering;

/// <summary>Minutes, hours and days of usage, named by the minute that each begins with: whole ones since 1970, UTC.</summary>
internal static class UsageTime
{
    public const int MinutesPerHour = 60;

    public const int MinutesPerDay = 24 * MinutesPerHour;

    private const long MillisecondsPerMinute = 60_000;

    /// <summary>The minute that a moment lies in.</summary>
    public static long MinuteOf(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMinute;

    /// <summary>The first minute of the hour that a moment lies in.</summary>
    public static long HourOf(DateTimeOffset at) => Start(MinuteOf(at), UsageStep.Hour);

    /// <summary>The first minute of what a minute lies in.</summary>
    public static long Start(long minute, UsageStep step) => minute - (minute % LengthOf(step));

    /// <summary>The first beginning of a step that is not before a moment.</summary>
    public static long Up(DateTimeOffset at, UsageStep step)
    {
        var length = LengthOf(step);
        return Start(MinuteOf(at.AddTicks(TimeSpan.TicksPerMinute - 1)) + length - 1, step);
    }

    /// <summary>Minutes of a step.</summary>
    public static int LengthOf(UsageStep step) => step switch
    {
        UsageStep.Minute => 1,
        UsageStep.Hour => MinutesPerHour,
        _ => MinutesPerDay,
    };

    /// <summary>When a minute begins.</summary>
    public static DateTimeOffset MomentOf(long minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    /// <summary>When what is kept of a step goes, in milliseconds since 1970.</summary>
    /// <param name="minute">Its first minute.</param>
    /// <param name="step">How long it is.</param>
    /// <param name="kept">How long it is kept after its end.</param>
    public static long Expires(long minute, UsageStep step, TimeSpan kept) =>
        ((minute + LengthOf(step)) * MillisecondsPerMinute) + (long)kept.TotalMilliseconds;
}
