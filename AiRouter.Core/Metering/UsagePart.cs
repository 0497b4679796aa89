namespace AiRouter.Core.Metering;

/// <summary>One hash that an answer is made of.</summary>
/// <param name="Hour">The hour, or the first of the day.</param>
/// <param name="IsDay">Whether it is a day's.</param>
internal readonly record struct UsagePart(long Hour, bool IsDay)
{
    /// <summary>The fewest hashes that hold a range, in the order of time: days where they are whole and no hours are asked for.</summary>
    /// <param name="query">The range and the step.</param>
    /// <param name="oldestHour">No hour before this one can be there.</param>
    /// <param name="oldestDay">The same for days.</param>
    /// <param name="end">Nothing from this hour on can be there.</param>
    public static IEnumerable<UsagePart> Of(UsageQuery query, long oldestHour, long oldestDay, long end)
    {
        var from = UsageTime.HourOf(query.From);
        if (query.Step is UsageStep.Day)
        {
            from -= from % UsageTime.HoursPerDay;
        }

        from = Math.Max(from, query.Step is UsageStep.Hour ? oldestHour : oldestDay);
        end = Math.Min(UsageTime.HourUp(query.To), end);
        while (from < end)
        {
            var isDay = query.Step is not UsageStep.Hour && from % UsageTime.HoursPerDay == 0 && from + UsageTime.HoursPerDay <= end;
            if (isDay || from >= oldestHour)
            {
                yield return new UsagePart(from, isDay);
            }

            from += isDay ? UsageTime.HoursPerDay : 1;
        }
    }
}
