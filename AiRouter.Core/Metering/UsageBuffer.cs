using System.Collections.Frozen;

namespace AiRouter.Core.Metering;

/// <summary>
/// What was used and is not in the store yet, added up. A record costs one look-up under a lock that nobody holds longer: the
/// writer takes the whole table away by swapping it.
/// </summary>
internal sealed class UsageBuffer
{
    /// <summary>The most slots that wait, here and with the writer; about 14 MB. Records of further slots are dropped.</summary>
    public const int Capacity = 20_000;

    private readonly Lock _gate = new();
    private readonly int _capacity;
    private Dictionary<UsageSlot, Entry> _table = [];
    private int _taken;
    private long _dropped;

    /// <summary>With the capacity, or a smaller one.</summary>
    public UsageBuffer(int capacity = Capacity) => _capacity = capacity;

    /// <summary>Records that were dropped because too much waits.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Slots that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _table.Count + _taken;
            }
        }
    }

    /// <summary>Adds a record.</summary>
    public void Add(UsageRecord record)
    {
        var slot = UsageSlot.Of(record);
        lock (_gate)
        {
            if (!_table.TryGetValue(slot, out var entry))
            {
                if (_table.Count + _taken >= _capacity)
                {
                    _dropped++;
                    return;
                }

                _table.Add(slot, entry = new Entry());
            }

            entry.Counters.Add(record);
            entry.KeyName = record.KeyName;
        }
    }

    /// <summary>Takes everything; it counts as waiting until <see cref="Written"/>.</summary>
    public IReadOnlyDictionary<UsageSlot, Entry> Take()
    {
        lock (_gate)
        {
            if (_table.Count == 0)
            {
                return FrozenDictionary<UsageSlot, Entry>.Empty;
            }

            var taken = _table;
            _table = new Dictionary<UsageSlot, Entry>(taken.Count);
            _taken += taken.Count;
            return taken;
        }
    }

    /// <summary>So many of those taken have been written.</summary>
    public void Written(int slots)
    {
        lock (_gate)
        {
            _taken -= slots;
        }
    }

    /// <summary>What waits of one slot.</summary>
    internal sealed class Entry
    {
        /// <summary>What was counted.</summary>
        public UsageCounters Counters { get; } = new();

        /// <summary>The key's last name.</summary>
        public string? KeyName { get; set; }
    }
}
