using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Outputs;

/// <summary>
/// The texts that end an answer, as an automaton (Aho-Corasick) over UTF-8 bytes. Made once a request, shared by its choices.
/// States are the prefixes of the texts; state 0 is the empty one. Edges are lists of siblings, because a table of 256 edges a
/// state would take 8 MiB for the 16 texts of 1 KiB that a request may have (R16).
/// </summary>
public sealed class StopStrings
{
    private readonly List<State> _states = [new State { Match = -1 }];
    private readonly byte[][] _texts;
    private readonly SearchValues<byte> _firstBytes;

    /// <summary>Builds the automaton; empty texts and repeated ones are left out.</summary>
    public StopStrings(IEnumerable<string> texts)
    {
        Texts = [.. texts.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
        _texts = [.. Texts.Select(Encoding.UTF8.GetBytes)];
        for (var i = 0; i < _texts.Length; i++)
        {
            Add(i);
        }

        LinkFailures();
        _firstBytes = SearchValues.Create([.. _texts.Select(t => t[0])]);
    }

    /// <summary>No text: nothing ever matches.</summary>
    public static StopStrings None { get; } = new([]);

    /// <summary>The texts; matches are told as an index into this list.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Where in <paramref name="text"/> a match can begin at the earliest, or -1.</summary>
    internal int FirstCandidate(ReadOnlySpan<byte> text) => text.IndexOfAny(_firstBytes);

    /// <summary>The state after <paramref name="next"/>.</summary>
    internal int Step(int state, byte next)
    {
        while (true)
        {
            for (var child = _states[state].FirstChild; child != 0; child = _states[child].NextSibling)
            {
                if (_states[child].Byte == next)
                {
                    return child;
                }
            }

            if (state == 0)
            {
                return 0;
            }

            state = _states[state].Failure;
        }
    }

    /// <summary>The longest text that ends in this state, or -1.</summary>
    internal int MatchAt(int state) => _states[state].Match;

    /// <summary>How many bytes of a possible match have been seen in this state.</summary>
    internal int DepthOf(int state) => _states[state].Depth;

    /// <summary>Those bytes.</summary>
    internal ReadOnlySpan<byte> PrefixOf(int state) =>
        state == 0 ? default : _texts[_states[state].Text].AsSpan(0, _states[state].Depth);

    /// <summary>The length of a text in bytes.</summary>
    internal int LengthOf(int text) => _texts[text].Length;

    private void Add(int text)
    {
        var state = 0;
        foreach (var next in _texts[text])
        {
            var child = _states[state].FirstChild;
            while (child != 0 && _states[child].Byte != next)
            {
                child = _states[child].NextSibling;
            }

            if (child == 0)
            {
                child = _states.Count;
                _states.Add(new State
                {
                    Byte = next,
                    NextSibling = _states[state].FirstChild,
                    Depth = _states[state].Depth + 1,
                    Text = text,
                    Match = -1,
                });
                _states[state].FirstChild = child;
            }

            state = child;
        }

        _states[state].Match = text;
    }

    /// <summary>Breadth first, so that the shorter suffix that a state falls back to is known already.</summary>
    private void LinkFailures()
    {
        var queue = new Queue<int>();
        queue.Enqueue(0);
        while (queue.TryDequeue(out var parent))
        {
            for (var child = _states[parent].FirstChild; child != 0; child = _states[child].NextSibling)
            {
                var failure = parent == 0 ? 0 : Step(_states[parent].Failure, _states[child].Byte);
                _states[child].Failure = failure;
                if (_states[child].Match < 0)
                {
                    _states[child].Match = _states[failure].Match;
                }

                queue.Enqueue(child);
            }
        }
    }

    private sealed class State
    {
        public byte Byte { get; init; }

        public int Depth { get; init; }

        public int Text { get; init; }

        public int NextSibling { get; init; }

        public int FirstChild { get; set; }

        public int Failure { get; set; }

        public int Match { get; set; }
    }
}
