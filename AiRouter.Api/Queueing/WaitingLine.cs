using AiRouter.Core.Configuration;

namespace AiRouter.Api.Queueing;

/// <summary>
/// Who waits, and whose turn it is. Keys take turns, one place a turn, among those of the highest level. A level is a
/// priority: a key begins at its own and goes up by one each time its first request has waited a step longer; at the
/// top all are equal. So who has waited long enough takes turns with everybody, however low it began. Not for several
/// threads at once; each operation is O(log n).
/// </summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<WaitingKey>[] _levels = NewLevels();
    private readonly SortedSet<WaitingKey> _rising = new(Comparer<WaitingKey>.Create(static (a, b) =>
        a.RisesAt != b.RisesAt ? a.RisesAt.CompareTo(b.RisesAt) : a.Number.CompareTo(b.Number)));

    private readonly Dictionary<string, WaitingKey> _keys = new(StringComparer.Ordinal);
    private readonly LinkedList<Waiter> _byArrival = [];
    private long _step = long.MaxValue;
    private long _numbers;

    /// <summary>Places that all who wait ask for together.</summary>
    public long Places { get; private set; }

    /// <summary>Who has waited longest; null: nobody waits.</summary>
    public Waiter? Oldest => _byArrival.First?.Value;

    /// <summary>
    /// How long one waits for each level, as a difference of timestamps; it holds for those who wait already too.
    /// </summary>
    public void SetStep(long step, long now)
    {
        if (step == _step)
        {
            return;
        }

        _step = step;
        foreach (var key in _keys.Values)
        {
            Place(key, now);
        }
    }

    /// <summary>A request begins to wait, behind the others of its key.</summary>
    public void Add(Waiter waiter, string keyId, int priority, long now)
    {
        Rise(now);
        if (!_keys.TryGetValue(keyId, out var key))
        {
            _keys.Add(keyId, key = new WaitingKey(keyId, ++_numbers));
        }

        waiter.Key = key;
        waiter.InKey = key.Waiters.AddLast(waiter);
        waiter.InLine = _byArrival.AddLast(waiter);
        Places += waiter.Places;
        if (key.Turn is null || key.Priority != priority)
        {
            key.Priority = Math.Clamp(priority, KeyTerms.LowestPriority, KeyTerms.HighestPriority);
            Place(key, now);
        }
    }

    /// <summary>Whose turn it is; null: nobody waits.</summary>
    public Waiter? Next(long now)
    {
        Rise(now);
        for (var level = _levels.Length - 1; level >= 0; level--)
        {
            if (_levels[level].First is { } first)
            {
                return Next(_levels[level], first).Waiters.First!.Value;
            }
        }

        return null;
    }

    /// <summary>The one whose turn it is has its places: its key is the last of its level now.</summary>
    public void Take(Waiter waiter, long now)
    {
        var key = waiter.Key!;
        Unlink(waiter, key);
        key.Owes += waiter.Places - 1;
        Replace(key, now, isServed: true);
    }

    /// <summary>A request waits no longer: it has left, or waited too long. False: it waits no longer anyway.</summary>
    public bool Remove(Waiter waiter, long now)
    {
        if (waiter.Key is not { } key)
        {
            return false;
        }

        Unlink(waiter, key);
        Replace(key, now, isServed: false);
        return true;
    }

    private static LinkedList<WaitingKey>[] NewLevels()
    {
        var levels = new LinkedList<WaitingKey>[KeyTerms.HighestPriority - KeyTerms.LowestPriority + 1];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = [];
        }

        return levels;
    }

    /// <summary>The first of a level who owes no turn; who does lets one pass.</summary>
    private static WaitingKey Next(LinkedList<WaitingKey> level, LinkedListNode<WaitingKey> first)
    {
        while (first.Value.Owes > 0 && level.Count > 1)
        {
            first.Value.Owes--;
            level.RemoveFirst();
            level.AddLast(first);
            first = level.First!;
        }

        first.Value.Owes = 0;
        return first.Value;
    }

    private void Unlink(Waiter waiter, WaitingKey key)
    {
        key.Waiters.Remove(waiter.InKey!);
        _byArrival.Remove(waiter.InLine!);
        Places -= waiter.Places;
        waiter.Key = null;
    }

    private void Replace(WaitingKey key, long now, bool isServed)
    {
        if (key.Waiters.Count == 0)
        {
            Displace(key);
            _keys.Remove(key.Id);
        }
        else if (isServed || LevelOf(key, now) != key.Level)
        {
            Place(key, now);
        }
        else
        {
            // Its first request may be another one now, of the same level: it keeps its turn, and rises when that one
            // does.
            _rising.Remove(key);
            SetRise(key);
        }
    }

    /// <summary>Puts a key at the end of the level that it has now.</summary>
    private void Place(WaitingKey key, long now)
    {
        Displace(key);
        key.Level = LevelOf(key, now);
        key.Turn = _levels[key.Level - KeyTerms.LowestPriority].AddLast(key);
        SetRise(key);
    }

    private void Displace(WaitingKey key)
    {
        if (key.Turn is { } turn)
        {
            turn.List!.Remove(turn);
            key.Turn = null;
            _rising.Remove(key);
        }
    }

    /// <summary>
    /// Who has waited long enough goes up, behind those who are there already and before whoever comes later.
    /// </summary>
    private void Rise(long now)
    {
        while (_rising.Min is { } rising && rising.RisesAt <= now)
        {
            Place(rising, now);
        }
    }

    private void SetRise(WaitingKey key)
    {
        if (key.Level < KeyTerms.HighestPriority)
        {
            var steps = (Int128)(key.Level + 1 - key.Priority) * _step;
            key.RisesAt = (long)Int128.Min(long.MaxValue, key.Waiters.First!.Value.Arrival + steps);
            _rising.Add(key);
        }
    }

    private int LevelOf(WaitingKey key, long now) =>
        (int)Math.Min(KeyTerms.HighestPriority, key.Priority + ((now - key.Waiters.First!.Value.Arrival) / _step));
}
