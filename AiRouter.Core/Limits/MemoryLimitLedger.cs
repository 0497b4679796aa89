namespace AiRouter.Core.Limits;

/// <summary>
/// Limits in the memory of one process: for an Api without a store, and for the share of the limits that a replica goes
/// on with while the store is away. It counts as the ledger in the store does.
/// </summary>
/// <remarks>
/// One lock: a reservation holds it for less than a microsecond, so striping would gain nothing. What nobody asks about
/// is forgotten, a little at each call.
/// </remarks>
public sealed partial class MemoryLimitLedger(TimeProvider time) : ILimitLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SubjectState> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldReservation> _reservations = new(StringComparer.Ordinal);
    private double _share = 1;

    // Of the call that has the lock: kept to spare the arrays.
    private SubjectState[] _states = new SubjectState[4];
    private EffectiveLimits[] _limits = new EffectiveLimits[4];
    private long _now;
    private long _budgetTime;

    /// <summary>
    /// The part of each limit that holds here, above 0 to 1: a replica's, while the store is away. Rounded down, of
    /// requests and places at least one; of a budget that part of what was left when <see cref="Adopt"/> was called
    /// last.
    /// </summary>
    public double Share
    {
        get => Volatile.Read(ref _share);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            Volatile.Write(ref _share, value);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LimitDecision> ReserveAsync(Reservation reservation, CancellationToken cancellationToken) =>
        new(Decide(reservation, reserves: true));

    /// <inheritdoc/>
    public ValueTask<LimitDecision> CheckAsync(Reservation reservation, CancellationToken cancellationToken) =>
        new(Decide(reservation, reserves: false));

    /// <inheritdoc/>
    public ValueTask SettleAsync(Reservation reservation, Settlement used, CancellationToken cancellationToken)
    {
        if (EffectiveLimits.AnyNeedsLease(reservation.Subjects))
        {
            lock (_gate)
            {
                Settle(reservation, used);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenewAsync(IReadOnlyList<Reservation> running, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            for (var i = 0; i < running.Count; i++)
            {
                Renew(running[i]);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LimitStanding>> ReadAsync(
        IReadOnlyList<LimitSubject> subjects, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Open(subjects, keeps: false);
            return new(Standings(subjects));
        }
    }

    /// <summary>
    /// Takes over what is spent and reserved according to another ledger, with whose share this one goes on when that
    /// is away. What was spent here in the current period is forgotten: the other ledger is told of it.
    /// </summary>
    public void Adopt(IReadOnlyList<LimitSubject> subjects, IReadOnlyList<LimitStanding> standings)
    {
        lock (_gate)
        {
            var states = Open(subjects, keeps: true);
            for (var i = 0; i < subjects.Count; i++)
            {
                if (subjects[i].Budget is { } budget)
                {
                    var spent = standings[i].SpentNanoUsd + standings[i].ReservedNanoUsd;
                    states[i].OpenBudget(_budgetTime).Adopt(budget.Per, spent);
                    Touch(states[i], subjects[i]);
                }
            }
        }
    }

    private LimitDecision Decide(Reservation asked, bool reserves)
    {
        lock (_gate)
        {
            var states = Open(asked.Subjects, keeps: reserves);
            var obstacle = default(Obstacle);
            if (!_reservations.ContainsKey(asked.Id))
            {
                for (var i = 0; i < states.Length; i++)
                {
                    states[i].Find(ref obstacle, asked, _limits[i], _now);
                }

                if (reserves && obstacle.IsNone)
                {
                    Hold(asked, countsRequest: true);
                }
            }

            return new LimitDecision { Refusal = obstacle.Refusal, Standings = Standings(asked.Subjects) };
        }
    }

    private void Hold(Reservation asked, bool countsRequest)
    {
        var leases = new HeldLease?[asked.Subjects.Count];
        var held = new HeldReservation(asked.Id, Math.Max(_now, _budgetTime), leases);
        for (var i = 0; i < leases.Length; i++)
        {
            if (countsRequest && _limits[i].Requests is not null)
            {
                _states[i].CountRequest(_now);
            }

            if (_limits[i].NeedsLease)
            {
                leases[i] = NewLease(held, asked, _limits[i]);
                OpenBudget(i);
                _states[i].Hold(leases[i]!, _now);
            }

            Touch(_states[i], asked.Subjects[i]);
        }

        if (EffectiveLimits.AnyNeedsLease(asked.Subjects))
        {
            _reservations[asked.Id] = held;
        }
        else
        {
            Remember(asked.Id);
        }
    }

    private void Settle(Reservation asked, Settlement used)
    {
        var held = _reservations.GetValueOrDefault(asked.Id);
        if (held == HeldReservation.Settled)
        {
            return;
        }

        Open(asked.Subjects, keeps: true);
        var age = (long)used.Age.TotalMilliseconds;
        for (var i = 0; i < asked.Subjects.Count; i++)
        {
            var lease = held is null ? NewLease(HeldReservation.Settled, asked, _limits[i]) : held.Leases[i];
            if (lease is null)
            {
                continue;
            }

            OpenBudget(i);
            if (held is not null)
            {
                _states[i].Release(lease, _now, age);
            }

            if (lease.Tokens is not null && age < LimitTimes.Window)
            {
                _states[i].CountTokens(Math.Max(0, used.Tokens), _now);
            }

            if (lease.NanoUsd is not null)
            {
                var day = held?.Day ?? BudgetPeriods.DayOf(_budgetTime);
                _states[i].Budget!.Add(day, 0, Math.Max(0, used.NanoUsd));
            }

            Touch(_states[i], asked.Subjects[i]);
        }

        Remember(asked.Id);
    }

    private void Renew(Reservation running)
    {
        var held = _reservations.GetValueOrDefault(running.Id);
        if (held == HeldReservation.Settled || !EffectiveLimits.AnyNeedsLease(running.Subjects))
        {
            return;
        }

        var states = Open(running.Subjects, keeps: true);
        if (held is null)
        {
            Hold(running, countsRequest: false);
            return;
        }

        for (var i = 0; i < states.Length; i++)
        {
            if (held.Leases[i] is { } lease)
            {
                OpenBudget(i);
                states[i].Renew(lease, _now);
                Touch(states[i], running.Subjects[i]);
            }
        }
    }

    private static HeldLease NewLease(HeldReservation held, Reservation asked, in EffectiveLimits limits) => new()
    {
        Reservation = held,
        Slots = limits.Slots is null ? 0 : asked.Slots,
        Tokens = limits.Tokens is null ? null : asked.Tokens,
        NanoUsd = limits.NanoUsd is null ? null : asked.NanoUsd,
    };

    private void OpenBudget(int index)
    {
        if (_limits[index].NanoUsd is not null)
        {
            _states[index].OpenBudget(_budgetTime);
        }
    }

    // Reads the clock, finds the states, lets time pass in them, and forgets what nobody asks about.
    private Span<SubjectState> Open(IReadOnlyList<LimitSubject> subjects, bool keeps)
    {
        _now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Forget();
        if (subjects.Count > _states.Length)
        {
            _states = new SubjectState[subjects.Count];
            _limits = new EffectiveLimits[subjects.Count];
        }

        _budgetTime = _now;
        for (var i = 0; i < subjects.Count; i++)
        {
            _states[i] = Find(subjects[i].Id, keeps);
            _budgetTime = Math.Max(_budgetTime, _states[i].Budget?.TimeAt(_now) ?? 0);
        }

        for (var i = 0; i < subjects.Count; i++)
        {
            _states[i].Roll(_now, _budgetTime, _expired);
            var adopted = subjects[i].Budget is { } budget ? _states[i].Budget?[budget.Per].Adopted ?? 0 : 0;
            _limits[i] = EffectiveLimits.Of(subjects[i]).Share(Share, adopted);
        }

        return _states.AsSpan(0, subjects.Count);
    }

    private SubjectState Find(string id, bool keeps)
    {
        if (!_subjects.TryGetValue(id, out var state))
        {
            state = new SubjectState(id);
            if (keeps)
            {
                _subjects.Add(id, state);
                Touch(state, _idle);
            }
        }

        return state;
    }

    private LimitStanding[] Standings(IReadOnlyList<LimitSubject> subjects)
    {
        var standings = new LimitStanding[subjects.Count];
        for (var i = 0; i < standings.Length; i++)
        {
            standings[i] = _states[i].Standing(subjects[i].Budget?.Per, _now);
        }

        return standings;
    }
}
