namespace AiRouter.Core.Metering;

/// <summary>Hours and days of usage: whole ones since 1970, UTC.</summary>
internal static class UsageTime
{
    public const int HoursPerDay = 24;

    private const long MillisecondsPerHour = 3_600_000;

    /// <summary>The hour that a moment lies in.</summary>
    public static long HourOf(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerHour;

    /// <summary>The first hour that does not begin before a moment.</summary>
    public static long HourUp(DateTimeOffset at) => HourOf(at.AddTicks(TimeSpan.TicksPerHour - 1));

    /// <summary>The day that an hour lies in.</summary>
    public static long DayOf(long hour) => hour / HoursPerDay;

    /// <summary>When an hour begins.</summary>
    public static DateTimeOffset StartOf(long hour) => DateTimeOffset.UnixEpoch.AddHours(hour);

    /// <summary>When what is kept of an hour goes, in milliseconds since 1970.</summary>
    public static long HourExpires(long hour, int keptDays) => (hour + 1 + ((long)keptDays * HoursPerDay)) * MillisecondsPerHour;

    /// <summary>When what is kept of a day goes, in milliseconds since 1970.</summary>
    public static long DayExpires(long day, int keptDays) => (day + 1 + keptDays) * HoursPerDay * MillisecondsPerHour;
}
