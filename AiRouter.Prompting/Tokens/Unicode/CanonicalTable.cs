using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace AiRouter.Prompting.Tokens.Unicode;

/// <summary>
/// The canonical decompositions, compositions and combining classes of Unicode, from <c>canonical.txt</c> (made by
/// <c>canonical.py</c>). .NET has them too, but not in the invariant mode that this project runs in.
/// </summary>
internal sealed class CanonicalTable
{
    /// <summary>The table.</summary>
    public static readonly CanonicalTable Instance = new();

    private readonly FrozenDictionary<int, (int First, int Second)> _decompositions;
    private readonly FrozenDictionary<(int First, int Second), int> _compositions;
    private readonly FrozenDictionary<int, byte> _classes;

    private CanonicalTable()
    {
        var decompositions = new Dictionary<int, (int, int)>();
        var compositions = new Dictionary<(int, int), int>();
        var classes = new Dictionary<int, byte>();
        using var lines = new StreamReader(typeof(CanonicalTable).Assembly.GetManifestResourceStream("canonical.txt")!);
        while (lines.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "k":
                    ReadClass(words, classes);
                    break;
                case "c" or "d":
                    var pair = (Hex(words[2]), words.Length > 3 ? Hex(words[3]) : 0);
                    decompositions.Add(Hex(words[1]), pair);
                    if (words[0] == "c")
                    {
                        compositions.Add(pair, Hex(words[1]));
                    }

                    break;
            }
        }

        _decompositions = decompositions.ToFrozenDictionary();
        _compositions = compositions.ToFrozenDictionary();
        _classes = classes.ToFrozenDictionary();
        Suspects = SearchValues.Create([.. FindSuspects().Where(code => code <= char.MaxValue).Select(code => (char)code)]);
    }

    /// <summary>
    /// The letters that a text in form C does not have, or not everywhere, up to U+FFFF; halves of characters behind it are
    /// among them, because some of those are such.
    /// </summary>
    public SearchValues<char> Suspects { get; }

    /// <summary>What a character is made of, by one step; <c>Second</c> is 0 where it stands for one other only.</summary>
    public bool TryDecompose(int code, out (int First, int Second) parts) => _decompositions.TryGetValue(code, out parts);

    /// <summary>What two characters become.</summary>
    public bool TryCompose(int first, int second, out int composed) => _compositions.TryGetValue((first, second), out composed);

    /// <summary>The canonical combining class; 0: it begins a new group.</summary>
    public byte ClassOf(int code) => _classes.GetValueOrDefault(code);

    private IEnumerable<int> FindSuspects()
    {
        var composed = _compositions.Values.ToHashSet();
        return _decompositions.Keys.Where(code => !composed.Contains(code))
            .Concat(_compositions.Keys.Select(pair => pair.Second))
            .Concat(_classes.Keys)
            .Concat(Enumerable.Range(Hangul.FirstVowel, Hangul.Vowels))
            .Concat(Enumerable.Range(Hangul.FirstTrail, Hangul.Trails))
            .Concat(Enumerable.Range(0xD800, 0x800));
    }

    private static void ReadClass(string[] words, Dictionary<int, byte> classes)
    {
        var number = byte.Parse(words[1], CultureInfo.InvariantCulture);
        foreach (var range in words.Skip(2))
        {
            var ends = range.Split('-');
            for (var code = Hex(ends[0]); code <= Hex(ends[^1]); code++)
            {
                classes.Add(code, number);
            }
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
