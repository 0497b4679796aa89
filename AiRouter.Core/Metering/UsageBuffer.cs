using System.Collections.Frozen;

namespace AiRouter.Core.Metering;

/// <summary>
/// What was used and is not in the store yet, added up by the hour and by the minute. A record costs two look-ups under a lock that
/// nobody holds longer: the writer takes the whole tables away by swapping them.
/// </summary>
internal sealed class UsageBuffer
{
    /// <summary>
    /// The most slots of hours that wait, here and with the writer; about 14 MB. Records of further slots are dropped.
    /// </summary>
    public const int Capacity = 20_000;

    /// <summary>The most slots of minutes; the records of further ones are missing from the picture of the last hour only.</summary>
    public const int MinuteCapacity = 5_000;

    private readonly Lock _gate = new();
    private readonly Table _hours;
    private readonly Table _minutes = new(MinuteCapacity);
    private long _dropped;

    /// <summary>With the capacity, or a smaller one.</summary>
    public UsageBuffer(int capacity = Capacity) => _hours = new Table(capacity);

    /// <summary>Records that were dropped because too much waits.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Slots of hours that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _hours.Waiting;
            }
        }
    }

    /// <summary>Adds a record.</summary>
    public void Add(UsageRecord record)
    {
        var slot = UsageSlot.Of(record);
        lock (_gate)
        {
            _minutes.TryAdd(slot, record);
            if (!_hours.TryAdd(slot.OfHour(), record))
            {
                _dropped++;
            }
        }
    }

    /// <summary>Takes everything of the hours or the minutes; it counts as waiting until <see cref="Written"/>.</summary>
    public IReadOnlyDictionary<UsageSlot, Entry> Take(UsageStep step)
    {
        lock (_gate)
        {
            return TableOf(step).Take();
        }
    }

    /// <summary>So many of those taken have been written.</summary>
    public void Written(UsageStep step, int slots)
    {
        lock (_gate)
        {
            TableOf(step).Written(slots);
        }
    }

    private Table TableOf(UsageStep step) => step is UsageStep.Minute ? _minutes : _hours;

    /// <summary>What waits of one slot.</summary>
    internal sealed class Entry
    {
        /// <summary>What was counted.</summary>
        public UsageCounters Counters { get; } = new();

        /// <summary>The key's last name.</summary>
        public string? KeyName { get; set; }
    }

    private sealed class Table(int capacity)
    {
        private Dictionary<UsageSlot, Entry> _slots = [];
        private int _taken;

        public int Waiting => _slots.Count + _taken;

        public bool TryAdd(UsageSlot slot, UsageRecord record)
        {
            if (!_slots.TryGetValue(slot, out var entry))
            {
                if (Waiting >= capacity)
                {
                    return false;
                }

                _slots.Add(slot, entry = new Entry());
            }

            entry.Counters.Add(record);
            entry.KeyName = record.KeyName;
            return true;
        }

        public IReadOnlyDictionary<UsageSlot, Entry> Take()
        {
            if (_slots.Count == 0)
            {
                return FrozenDictionary<UsageSlot, Entry>.Empty;
            }

            var taken = _slots;
            _slots = new Dictionary<UsageSlot, Entry>(taken.Count);
            _taken += taken.Count;
            return taken;
        }

        public void Written(int slots) => _taken -= slots;
    }
}
