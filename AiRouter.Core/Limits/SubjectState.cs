using AiRouter.Core.Configuration;

namespace AiRouter.Core.Limits;

/// <summary>What is counted of one subject in memory. <c>Limits/ledger.lua</c> counts the same in the store.</summary>
internal sealed class SubjectState(string id)
{
    private readonly SlidingWindow _window = new();
    private readonly LeaseList _running = new();
    private readonly LeaseList _expired = new();
    private BudgetCounters? _budget;
    private long _slots;
    private long _heldTokens;
    private long _expiredTokens;
    private long _meanDuration;
    private long _meanAt;

    /// <summary>Whose.</summary>
    public string Id => id;

    /// <summary>Its place among those that are forgotten when nobody asks.</summary>
    public LinkedListNode<SubjectState>? Place { get; set; }

    /// <summary>When somebody asked last.</summary>
    public long AskedAt { get; set; }

    /// <summary>Its budget; null: it never had one.</summary>
    public BudgetCounters? Budget => _budget;

    /// <summary>Lets time pass: what is over no longer counts, and what nobody renewed has expired.</summary>
    /// <param name="now">The time.</param>
    /// <param name="budgetTime">The time that budgets go by.</param>
    /// <param name="expired">Gets the reservations that expired.</param>
    public void Roll(long now, long budgetTime, Queue<HeldReservation> expired)
    {
        _window.Age(now);
        _budget?.Roll(budgetTime);
        if (_running.Last?.End > now + LimitTimes.Lease + LimitTimes.Step)
        {
            _running.Limit(now + LimitTimes.Lease);
        }

        if (_expired.Last?.End > now + LimitTimes.Step)
        {
            _expired.Limit(now);
        }

        while (_running.First is { } lease && lease.End <= now)
        {
            Expire(lease);
            lease.Reservation.ExpiredAt = lease.End;
            expired.Enqueue(lease.Reservation);
        }

        while (_expired.First is { } lease && lease.End + LimitTimes.Window <= now)
        {
            _expired.Remove(lease);
            _expiredTokens -= lease.Tokens ?? 0;
        }
    }

    /// <summary>Finds what stands in the way of a request.</summary>
    public void Find(ref Obstacle obstacle, Reservation asked, in EffectiveLimits limits, long now)
    {
        if (limits.Requests is { } requests && _window.Requests + 1 > requests)
        {
            obstacle.Add(id, LimitKind.Requests, _window.RequestsFreedAt(_window.Requests + 1 - requests) - now);
        }

        if (limits.Tokens is { } tokens && Tokens + asked.Tokens > tokens)
        {
            long? wait = asked.Tokens > tokens ? null : WaitForTokens(Tokens + asked.Tokens - tokens, now);
            obstacle.Add(id, LimitKind.Tokens, wait);
        }

        if (limits.Slots is { } slots && _slots + asked.Slots > slots)
        {
            obstacle.Add(id, LimitKind.Concurrent, asked.Slots > slots ? null : Estimate(now));
        }

        if (limits.NanoUsd is { } nanoUsd)
        {
            var amounts = Amounts(limits.Period);
            if (amounts.Spent + amounts.Reserved + asked.NanoUsd > nanoUsd)
            {
                obstacle.Add(id, LimitKind.Budget, WaitForBudget(asked.NanoUsd, nanoUsd, limits.Period, now));
            }
        }
    }

    /// <summary>Makes sure that there are counters for a budget.</summary>
    public BudgetCounters OpenBudget(long budgetTime)
    {
        _budget ??= new BudgetCounters();
        _budget.Roll(budgetTime);
        return _budget;
    }

    /// <summary>Counts a request.</summary>
    public void CountRequest(long now) => _window.Add(now, requests: 1, tokens: 0);

    /// <summary>Holds what a request may come to.</summary>
    public void Hold(HeldLease lease, long now)
    {
        lease.End = now + LimitTimes.Lease;
        _running.Add(lease);
        _slots += lease.Slots;
        _heldTokens += lease.Tokens ?? 0;
        _budget?.Add(lease.Reservation.Day, lease.NanoUsd ?? 0, 0);
    }

    /// <summary>Holds it for longer, or again when it had expired.</summary>
    public void Renew(HeldLease lease, long now)
    {
        if (lease.List == _running)
        {
            _running.Remove(lease);
            lease.End = now + LimitTimes.Lease;
            _running.Add(lease);
        }
        else
        {
            Forget(lease);
            Hold(lease, now);
        }
    }

    /// <summary>Gives back what a request held, and learns how long it took.</summary>
    public void Release(HeldLease lease, long now, long age)
    {
        if (lease.List != _running)
        {
            Forget(lease);
            return;
        }

        _running.Remove(lease);
        _slots -= lease.Slots;
        _heldTokens -= lease.Tokens ?? 0;
        _budget?.Add(lease.Reservation.Day, -(lease.NanoUsd ?? 0), 0);
        Learn(Math.Max(1, now - age - lease.Reservation.Admitted), now);
    }

    /// <summary>Counts tokens that a request really had.</summary>
    public void CountTokens(long tokens, long now) => _window.Add(now, requests: 0, tokens);

    /// <summary>How it stands.</summary>
    public LimitStanding Standing(BudgetPeriod? period, long now)
    {
        var amounts = period is { } kind ? Amounts(kind) : default;
        var expired = _expired.Last is { } last ? last.End + LimitTimes.Window - now : 0;
        return new LimitStanding
        {
            SubjectId = id,
            Requests = _window.Requests,
            RequestsReset = TimeSpan.FromMilliseconds(_window.RequestsReset(now)),
            Tokens = Tokens,
            TokensReset = TimeSpan.FromMilliseconds(Math.Max(_window.TokensReset(now), expired)),
            Concurrent = (int)_slots,
            SpentNanoUsd = amounts.Spent,
            ReservedNanoUsd = amounts.Reserved,
            UnsettledNanoUsd = amounts.Unsettled,
        };
    }

    private long Tokens => _window.Tokens + _expiredTokens + _heldTokens;

    private BudgetAmounts Amounts(BudgetPeriod period) => _budget is null ? default : _budget[period];

    private void Expire(HeldLease lease)
    {
        _running.Remove(lease);
        _slots -= lease.Slots;
        _heldTokens -= lease.Tokens ?? 0;
        _budget?.Expire(lease.Reservation.Day, lease.NanoUsd ?? 0);
        if (lease.Tokens > 0)
        {
            _expired.Add(lease);
            _expiredTokens += lease.Tokens.Value;
        }
    }

    // Takes back what stood for an expired lease.
    private void Forget(HeldLease lease)
    {
        if (lease.List == _expired)
        {
            _expiredTokens -= lease.Tokens ?? 0;
        }

        lease.List?.Remove(lease);
        _budget?.TakeBack(lease.Reservation.Day, lease.NanoUsd ?? 0);
    }

    private void Learn(long duration, long now)
    {
        _meanDuration = Mean(now) is var mean and > 0 ? mean + (long)Math.Floor((duration - mean) / 8.0) : duration;
        _meanAt = now;
    }

    private long Mean(long now) => now < _meanAt + LimitTimes.MeanLife ? _meanDuration : 0;

    // Settled and expired ones are freed by time alone; what is left has to end first.
    private long WaitForTokens(long amount, long now)
    {
        if (amount > _window.Tokens + _expiredTokens)
        {
            return Estimate(now);
        }

        var index = 0;
        var lease = _expired.First;
        while (true)
        {
            var isLease = lease is not null &&
                (index == _window.Count || lease.End + LimitTimes.Window < _window[index].FreedAt);
            var freedAt = isLease ? lease!.End + LimitTimes.Window : _window[index].FreedAt;
            amount -= isLease ? lease!.Tokens!.Value : _window[index].Tokens;
            if (amount <= 0)
            {
                return freedAt - now;
            }

            lease = isLease ? lease!.Next : lease;
            index += isLease ? 0 : 1;
        }
    }

    private long? WaitForBudget(long asked, long limit, BudgetPeriod period, long now)
    {
        if (asked > limit)
        {
            return null;
        }

        var untilNext = _budget is null ? null : BudgetPeriods.EndOf(period, _budget.Day) - now;
        return Amounts(period).Spent + asked > limit ? untilNext : Math.Min(untilNext ?? long.MaxValue, Estimate(now));
    }

    // How long the oldest request still takes, if it takes as long as others did; without others, as long again as so
    // far.
    private long Estimate(long now)
    {
        var oldest = _running.First;
        if (oldest is null)
        {
            return LimitTimes.ShortestEstimate;
        }

        var admitted = oldest.Reservation.Admitted;
        for (var next = oldest.Next; next is not null && next.End == oldest.End; next = next.Next)
        {
            admitted = Math.Min(admitted, next.Reservation.Admitted);
        }

        var age = now - admitted;
        var mean = Mean(now);
        var rest = mean > 0 ? Math.Max(mean - age, mean / 4) : age;
        return Math.Clamp(rest, LimitTimes.ShortestEstimate, LimitTimes.LongestEstimate);
    }
}
