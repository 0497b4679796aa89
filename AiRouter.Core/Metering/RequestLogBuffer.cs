namespace AiRouter.Core.Metering;

/// <summary>
/// The newest requests that are not in the request log yet. Bounded in number and in bytes; what does not fit pushes the oldest out,
/// bodies first: a log of the last requests needs the newest.
/// </summary>
/// <param name="capacity">The most entries.</param>
/// <param name="bodyCapacity">The most characters of bodies.</param>
internal sealed class RequestLogBuffer(int capacity = RequestLogBuffer.Capacity, int bodyCapacity = RequestLogBuffer.BodyCapacity)
{
    /// <summary>The most entries that wait.</summary>
    public const int Capacity = 2_000;

    /// <summary>The most characters of bodies that wait.</summary>
    public const int BodyCapacity = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<WaitingLogEntry> _entries = new();
    private readonly Queue<WaitingLogEntry> _withBodies = new();
    private long _bodyLength;
    private long _dropped;

    /// <summary>Entries that were pushed out.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Adds the newest.</summary>
    public void Add(WaitingLogEntry entry)
    {
        lock (_gate)
        {
            _entries.Enqueue(entry);
            if (entry.BodyLength > 0)
            {
                _withBodies.Enqueue(entry);
                _bodyLength += entry.BodyLength;
            }

            while (_bodyLength > bodyCapacity)
            {
                var oldest = _withBodies.Dequeue();
                _bodyLength -= oldest.BodyLength;
                oldest.DropBodies();
            }

            if (_entries.Count > capacity)
            {
                _dropped++;
                Forget(_entries.Dequeue());
            }
        }
    }

    /// <summary>Takes the oldest, at most so many.</summary>
    public IReadOnlyList<WaitingLogEntry> Take(int most)
    {
        lock (_gate)
        {
            var taken = new WaitingLogEntry[Math.Min(most, _entries.Count)];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = _entries.Dequeue();
                Forget(taken[i]);
            }

            return taken;
        }
    }

    private void Forget(WaitingLogEntry entry)
    {
        if (_withBodies.TryPeek(out var oldest) && ReferenceEquals(oldest, entry))
        {
            _withBodies.Dequeue();
            _bodyLength -= entry.BodyLength;
        }
    }
}
