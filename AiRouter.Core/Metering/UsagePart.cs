namespace AiRouter.Core.Metering;

/// <summary>One hash that usage is kept in.</summary>
/// <param name="Minute">The first minute of its time.</param>
/// <param name="Step">How long its time is.</param>
internal readonly record struct UsagePart(long Minute, UsageStep Step)
{
    /// <summary>The part of a length that a minute lies in.</summary>
    public static UsagePart Around(long minute, UsageStep step) => new(UsageTime.Start(minute, step), step);

    /// <summary>
    /// The fewest hashes that hold a range, in the order of time: without a step days where they are whole, and hours.
    /// </summary>
    /// <param name="query">The range and the step.</param>
    /// <param name="span">What can be there.</param>
    public static IEnumerable<UsagePart> Of(UsageQuery query, UsageSpan span)
    {
        // An answer by day, or in one row, is made of days and hours.
        var finest = query.Step is UsageStep.Minute ? UsageStep.Minute : UsageStep.Hour;
        var from = UsageTime.Start(UsageTime.MinuteOf(query.From), query.Step ?? finest);
        from = Math.Max(from, query.Step is null or UsageStep.Day ? span.OldestDay : span.OldestOf(finest));
        var end = Math.Min(UsageTime.Up(query.To, finest), span.End);
        while (from < end)
        {
            var isDay = query.Step is null or UsageStep.Day && from % UsageTime.MinutesPerDay == 0 &&
                from + UsageTime.MinutesPerDay <= end;
            var part = new UsagePart(from, isDay ? UsageStep.Day : finest);
            if (isDay || from >= span.OldestOf(finest))
            {
                yield return part;
            }

            from += UsageTime.LengthOf(part.Step);
        }
    }
}

/// <summary>What the store can have at most, in minutes since 1970.</summary>
/// <param name="OldestMinute">By the minute.</param>
/// <param name="OldestHour">By the hour.</param>
/// <param name="OldestDay">By the day.</param>
/// <param name="End">Nothing from there on.</param>
internal readonly record struct UsageSpan(long OldestMinute, long OldestHour, long OldestDay, long End)
{
    // What configuration allows at most, and a day for clocks that differ.
    private const int MostHourDays = 366 + 1;
    private const int MostDays = 3660 + 1;

    /// <summary>At a moment.</summary>
    public static UsageSpan At(DateTimeOffset now)
    {
        var hour = UsageTime.HourOf(now);
        var minutes = UsageTime.MinuteOf(now - UsageBatch.MinutesKept - TimeSpan.FromHours(1));
        return new UsageSpan(
            minutes,
            hour - (MostHourDays * UsageTime.MinutesPerDay),
            hour - (MostDays * UsageTime.MinutesPerDay),
            hour + UsageTime.MinutesPerDay);
    }

    /// <summary>The oldest of a length.</summary>
    public long OldestOf(UsageStep step) => step switch
    {
        UsageStep.Minute => OldestMinute,
        UsageStep.Hour => OldestHour,
        _ => OldestDay,
    };
}
