using AiRouter.Core.Configuration;

namespace AiRouter.Core.Limits;

/// <summary>
/// The money of one subject, for all four kinds of period at the same time: so another period in the configuration
/// holds at once, with what was spent in it. A request belongs to the periods in which it was admitted.
/// </summary>
internal sealed class BudgetCounters
{
    private readonly BudgetAmounts[] _kinds = new BudgetAmounts[BudgetPeriods.Kinds];

    /// <summary>The day that it is here: it does not go back with a clock that does so by less than an hour.</summary>
    public long Day { get; private set; }

    /// <summary>What stands for one kind of period.</summary>
    public ref readonly BudgetAmounts this[BudgetPeriod kind] => ref _kinds[(int)kind];

    /// <summary>
    /// The time to roll to: not before the day that it is here, unless the clock went back by more than an hour.
    /// </summary>
    public long TimeAt(long now)
    {
        var start = BudgetPeriods.StartOf(Day);
        return start - now <= LimitTimes.PeriodStep ? start : now;
    }

    /// <summary>Begins the periods of a time: nothing is spent in a new one.</summary>
    public void Roll(long time)
    {
        var day = BudgetPeriods.DayOf(time);

        // Backwards (only ever by more than an hour): what was spent in days that were never there is spent today.
        for (var kind = BudgetPeriod.Day; day > Day && kind <= BudgetPeriod.Month; kind++)
        {
            if (BudgetPeriods.NumberOf(kind, day) > BudgetPeriods.NumberOf(kind, Day))
            {
                _kinds[(int)kind] = default;
            }
        }

        Day = day;
    }

    /// <summary>
    /// Adds amounts of a request that was admitted on a day, to the periods that are not over since; none gets below 0.
    /// </summary>
    public void Add(long day, long reserved, long spent)
    {
        for (var kind = BudgetPeriod.Day; kind <= BudgetPeriod.Total; kind++)
        {
            if (IsCurrent(kind, day))
            {
                ref var amounts = ref _kinds[(int)kind];
                amounts.Reserved = Math.Max(0, amounts.Reserved + reserved);
                amounts.Spent += spent;
            }
        }
    }

    /// <summary>Counts the most that a request can have cost which nobody settled.</summary>
    public void Expire(long day, long nanoUsd)
    {
        Add(day, -nanoUsd, nanoUsd);
        for (var kind = BudgetPeriod.Day; kind <= BudgetPeriod.Total; kind++)
        {
            _kinds[(int)kind].Unsettled += IsCurrent(kind, day) ? nanoUsd : 0;
        }
    }

    /// <summary>Takes that back: somebody knows more of the request.</summary>
    public void TakeBack(long day, long nanoUsd)
    {
        for (var kind = BudgetPeriod.Day; kind <= BudgetPeriod.Total; kind++)
        {
            if (IsCurrent(kind, day))
            {
                ref var amounts = ref _kinds[(int)kind];
                var amount = Math.Min(nanoUsd, amounts.Unsettled);
                amounts.Spent -= amount;
                amounts.Unsettled -= amount;
            }
        }
    }

    /// <summary>Starts from what another ledger says of the current period.</summary>
    public void Adopt(BudgetPeriod kind, long nanoUsd) =>
        _kinds[(int)kind] = new BudgetAmounts { Spent = nanoUsd, Adopted = nanoUsd };

    private bool IsCurrent(BudgetPeriod kind, long day) =>
        day >= Day || BudgetPeriods.NumberOf(kind, day) >= BudgetPeriods.NumberOf(kind, Day);
}

/// <summary>What stands for one kind of period, in billionths of a dollar.</summary>
internal struct BudgetAmounts
{
    /// <summary>Settled, and what expired.</summary>
    public long Spent;

    /// <summary>Held for requests in flight that were admitted in it.</summary>
    public long Reserved;

    /// <summary>The part of what is spent that nobody settled.</summary>
    public long Unsettled;

    /// <summary>The part of what is spent that another ledger told.</summary>
    public long Adopted;
}
