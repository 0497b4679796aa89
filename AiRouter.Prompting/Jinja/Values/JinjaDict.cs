using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// A dictionary in the order of insertion, its keys compared as Python does (<c>1 == 1.0 == True</c>). A message or a
/// tool has a handful of keys, so a small one is searched from the front, which is faster than hashing; a large one has
/// an index.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Named after Python's type.")]
public sealed class JinjaDict
{
    // Measured on names as messages have them: up to here a look-up from the front beats string hashing.
    private const int Indexed = 9;

    private readonly List<KeyValuePair<JinjaValue, JinjaValue>> _entries;
    private Dictionary<JinjaValue, int>? _index;

    /// <summary>An empty dictionary.</summary>
    public JinjaDict()
        : this(4)
    {
    }

    /// <summary>An empty dictionary with room for <paramref name="capacity"/> entries.</summary>
    public JinjaDict(int capacity) => _entries = new(capacity);

    /// <summary>How many entries it has.</summary>
    public int Count => _entries.Count;

    /// <summary>The entries in order.</summary>
    public ReadOnlySpan<KeyValuePair<JinjaValue, JinjaValue>> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>Sets <paramref name="key"/>: a new one goes to the end, an old one keeps its place.</summary>
    /// <returns>This dictionary, so that calls can be chained.</returns>
    public JinjaDict Set(string key, in JinjaValue value) => Set(JinjaValue.From(key), value);

    /// <summary>Sets <paramref name="key"/>: a new one goes to the end, an old one keeps its place.</summary>
    /// <exception cref="JinjaValueException">The key is a list or dictionary, which Python does not hash.</exception>
    public JinjaDict Set(in JinjaValue key, in JinjaValue value)
    {
        Comparison.RequireHashable(key);
        var position = Find(key);
        if (position >= 0)
        {
            _entries[position] = new(_entries[position].Key, value);
            return this;
        }

        _entries.Add(new(key, value));
        if (_index is not null)
        {
            _index.Add(key, _entries.Count - 1);
        }
        else if (_entries.Count == Indexed)
        {
            _index = new(Indexed * 2);
            for (var i = 0; i < _entries.Count; i++)
            {
                _index.Add(_entries[i].Key, i);
            }
        }

        return this;
    }

    /// <summary>The value under <paramref name="key"/>.</summary>
    public bool TryGetValue(string key, out JinjaValue value)
    {
        var position = Find(key);
        value = position < 0 ? default : _entries[position].Value;
        return position >= 0;
    }

    /// <summary>The value under <paramref name="key"/>.</summary>
    /// <exception cref="JinjaValueException">The key is a list or dictionary, which Python does not hash.</exception>
    public bool TryGetValue(in JinjaValue key, out JinjaValue value)
    {
        Comparison.RequireHashable(key);
        var position = Find(key);
        value = position < 0 ? default : _entries[position].Value;
        return position >= 0;
    }

    /// <summary>Whether <paramref name="key"/> is there.</summary>
    /// <exception cref="JinjaValueException">The key is a list or dictionary, which Python does not hash.</exception>
    public bool ContainsKey(in JinjaValue key)
    {
        Comparison.RequireHashable(key);
        return Find(key) >= 0;
    }

    /// <summary>Another dictionary with the same entries.</summary>
    public JinjaDict Copy()
    {
        var copy = new JinjaDict(Count);
        foreach (ref readonly var entry in Entries)
        {
            copy.Set(entry.Key, entry.Value);
        }

        return copy;
    }

    private int Find(in JinjaValue key)
    {
        if (key.Kind == JinjaKind.String)
        {
            return Find(key.AsString);
        }

        if (_index is not null)
        {
            return _index.TryGetValue(key, out var found) ? found : -1;
        }

        var entries = Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            if (Comparison.AreEqual(entries[i].Key, key, null))
            {
                return i;
            }
        }

        return -1;
    }

    private int Find(string key)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(JinjaValue.From(key), out var found) ? found : -1;
        }

        var entries = Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            if (entry.Key.Kind == JinjaKind.String && entry.Key.AsString == key)
            {
                return i;
            }
        }

        return -1;
    }
}
