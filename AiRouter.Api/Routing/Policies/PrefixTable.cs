using System.Runtime.InteropServices;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// Which target last served each beginning of a prompt. Bounded: the beginning that was longest not served is forgotten. About 120 bytes
/// an entry (measured), as many as there are, none in advance.
/// </summary>
internal sealed class PrefixTable(int capacity)
{
    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _places = [];
    private readonly List<Entry> _entries = [];
    private int _newest = None;
    private int _oldest = None;

    /// <summary>How many are known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The place of the candidate that served the longest known beginning; -1: none did.</summary>
    /// <param name="ends">A prompt's beginnings, the shortest first.</param>
    /// <param name="candidates">Who may be asked.</param>
    public int FindLongest(ReadOnlySpan<UInt128> ends, ReadOnlySpan<RoutedTarget> candidates)
    {
        var found = None;
        TargetState? last = null;
        lock (_lock)
        {
            var entries = CollectionsMarshal.AsSpan(_entries);
            foreach (var end in ends)
            {
                // Whoever remembers a beginning remembers all shorter ones, and later: where one is not known, no longer one is.
                if (!_places.TryGetValue(end, out var place))
                {
                    break;
                }

                if (entries[place].Target != last)
                {
                    last = entries[place].Target;
                    found = Find(candidates, last) is var candidate and >= 0 ? candidate : found;
                }
            }
        }

        return found;
    }

    /// <summary>A target has served a prompt.</summary>
    /// <param name="ends">Its beginnings, the shortest first.</param>
    /// <param name="target">Who served it.</param>
    public void Remember(ReadOnlySpan<UInt128> ends, TargetState target)
    {
        lock (_lock)
        {
            // The longest first: so no beginning is forgotten before the longer ones that begin with it.
            for (var i = Math.Min(ends.Length, capacity) - 1; i >= 0; i--)
            {
                Remember(ends[i], target);
            }
        }
    }

    private void Remember(UInt128 end, TargetState target)
    {
        if (_places.TryGetValue(end, out var place))
        {
            Unlink(place);
        }
        else if (_entries.Count < capacity)
        {
            place = _entries.Count;
            _entries.Add(default);
            _places[end] = place;
        }
        else
        {
            place = _oldest;
            _places.Remove(_entries[place].End);
            Unlink(place);
            _places[end] = place;
        }

        var entries = CollectionsMarshal.AsSpan(_entries);
        entries[place] = new Entry { End = end, Target = target, Newer = None, Older = _newest };
        if (_newest != None)
        {
            entries[_newest].Newer = place;
        }

        _newest = place;
        _oldest = _oldest == None ? place : _oldest;
    }

    private void Unlink(int place)
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        var (newer, older) = (entries[place].Newer, entries[place].Older);
        if (newer == None)
        {
            _newest = older;
        }
        else
        {
            entries[newer].Older = older;
        }

        if (older == None)
        {
            _oldest = newer;
        }
        else
        {
            entries[older].Newer = newer;
        }
    }

    private static int Find(ReadOnlySpan<RoutedTarget> candidates, TargetState state)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].State == state)
            {
                return i;
            }
        }

        return None;
    }

    private struct Entry
    {
        public UInt128 End;
        public TargetState Target;
        public int Newer;
        public int Older;
    }
}
