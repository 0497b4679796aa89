using AiRouter.Core.Configuration;

namespace AiRouter.Core.Limits;

/// <content>How it forgets, so that its memory stays bounded.</content>
public sealed partial class MemoryLimitLedger
{
    // A store remembers as many as there were in ten minutes. In one process no answer gets lost: this is for callers
    // that err. Each is 128 B (docs/adr/0009-how-limits-count.md), and a busy router always has as many.
    private const int MostSettled = 10_000;

    // Each call leaves behind less than that, so nothing heaps up.
    private const int MostAtOnce = 8;

    private readonly Queue<(string Id, long At)> _settled = new();
    private readonly Queue<HeldReservation> _expired = new();
    private readonly LinkedList<SubjectState> _idle = new();
    private readonly LinkedList<SubjectState> _idleWithBudget = new();

    /// <summary>How many subjects and reservations are remembered.</summary>
    internal (int Subjects, int Reservations) Size
    {
        get
        {
            lock (_gate)
            {
                return (_subjects.Count, _reservations.Count);
            }
        }
    }

    private void Remember(string settledId)
    {
        _reservations[settledId] = HeldReservation.Settled;
        _settled.Enqueue((settledId, _now));
    }

    // Those asked about last stand last. One with a budget for ever stands nowhere.
    private void Touch(SubjectState state, LimitSubject subject) =>
        Touch(state, subject.Budget?.Per == BudgetPeriod.Total ? null : state.Budget is null ? _idle : _idleWithBudget);

    private void Touch(SubjectState state, LinkedList<SubjectState>? list)
    {
        state.AskedAt = _now;
        state.Place ??= new LinkedListNode<SubjectState>(state);
        state.Place.List?.Remove(state.Place);
        list?.AddLast(state.Place);
    }

    private void Forget()
    {
        Forget(_idle, LimitTimes.IdleLife);
        Forget(_idleWithBudget, LimitTimes.BudgetLife);
        for (var i = 0; i < MostAtOnce && _settled.TryPeek(out var oldest); i++)
        {
            if (_settled.Count <= MostSettled && oldest.At + LimitTimes.SettledLife > _now)
            {
                break;
            }

            _settled.Dequeue();
            _reservations.Remove(oldest.Id);
        }

        for (var i = 0; i < MostAtOnce && _expired.TryPeek(out var oldest); i++)
        {
            if (oldest.ExpiredAt + LimitTimes.ExpiredLife > _now)
            {
                break;
            }

            _expired.Dequeue();
            if (!oldest.IsHeld && _reservations.GetValueOrDefault(oldest.Id) == oldest)
            {
                _reservations.Remove(oldest.Id);
            }
        }
    }

    private void Forget(LinkedList<SubjectState> idle, long life)
    {
        for (var i = 0; i < MostAtOnce && idle.First is { } first && first.Value.AskedAt + life <= _now; i++)
        {
            first.Value.Roll(_now, _now, _expired);
            idle.Remove(first);
            _subjects.Remove(first.Value.Id);
        }
    }
}
