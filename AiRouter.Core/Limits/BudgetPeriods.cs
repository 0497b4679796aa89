using AiRouter.Core.Configuration;

namespace AiRouter.Core.Limits;

/// <summary>The UTC calendar that budgets follow, in days since 1970 (R33).</summary>
internal static class BudgetPeriods
{
    private const long DayLength = 86_400_000;

    /// <summary>How many kinds of period there are; they are numbered as <see cref="BudgetPeriod"/> is.</summary>
    public const int Kinds = 4;

    // 1970-01-01 as a number of DateOnly.
    private const int Epoch = 719_162;

    /// <summary>The day of a time in milliseconds.</summary>
    public static long DayOf(long time) => time / DayLength;

    /// <summary>When a day begins.</summary>
    public static long StartOf(long day) => day * DayLength;

    /// <summary>The number of the period that a day belongs to; it grows with time.</summary>
    public static long NumberOf(BudgetPeriod period, long day) => period switch
    {
        BudgetPeriod.Day => day,
        BudgetPeriod.Week => WeekOf(day),
        BudgetPeriod.Month => MonthOf(day),
        _ => 0,
    };

    /// <summary>When the period of a day ends, in milliseconds; null: never.</summary>
    public static long? EndOf(BudgetPeriod period, long day) => period switch
    {
        BudgetPeriod.Day => StartOf(day + 1),
        BudgetPeriod.Week => StartOf(((WeekOf(day) + 1) * 7) - 3),
        BudgetPeriod.Month => EndOfMonth(day),
        _ => null,
    };

    // 1970-01-01 was a Thursday, three days after a Monday.
    private static long WeekOf(long day) => (day + 3) / 7;

    private static long MonthOf(long day)
    {
        var date = DateOnly.FromDayNumber((int)day + Epoch);
        return (date.Year * 12) + date.Month - 1;
    }

    private static long EndOfMonth(long day)
    {
        var date = DateOnly.FromDayNumber((int)day + Epoch);
        return StartOf(new DateOnly(date.Year, date.Month, 1).AddMonths(1).DayNumber - Epoch);
    }
}
