using System.Text;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>The symbols of a BPE over characters, and what each costs.</summary>
internal sealed class CharacterVocabulary
{
    /// <summary>A piece that never merges: one token.</summary>
    public const int Atom = -1;

    private const int UnknownCharacter = -2;

    private readonly Dictionary<Rune, int> _characters = [];

    // Of symbols that are no tokens.
    private readonly Dictionary<int, int> _costs = [];
    private readonly LongestMatch? _atoms;
    private readonly bool _fallsBackToBytes;

    /// <summary>Takes the vocabulary.</summary>
    /// <param name="symbols">The symbol of each token; characters that are in tokens but are none are added.</param>
    /// <param name="atoms">Tokens that never merge with what is beside them.</param>
    /// <param name="fallsBackToBytes">A character that is no token becomes one token for each of its bytes.</param>
    public CharacterVocabulary(Dictionary<string, int> symbols, IReadOnlyCollection<string> atoms, bool fallsBackToBytes)
    {
        _atoms = atoms.Count > 0 ? new LongestMatch(atoms) : null;
        _fallsBackToBytes = fallsBackToBytes;
        var next = symbols.Count == 0 ? 0 : symbols.Values.Max() + 1;
        foreach (var token in symbols.Keys.ToList())
        {
            foreach (var rune in token.EnumerateRunes())
            {
                var text = rune.ToString();
                if (!symbols.TryGetValue(text, out var symbol))
                {
                    symbols.Add(text, symbol = next++);
                    _costs[symbol] = fallsBackToBytes ? rune.Utf8SequenceLength : 0;
                }

                _characters[rune] = symbol;
            }
        }
    }

    /// <summary>How long the atom is that the text begins with; 0: it begins with none.</summary>
    public int AtomAt(ReadOnlySpan<char> text) => _atoms?.At(text) ?? 0;

    /// <summary>The symbol of a character; below 0 when no token has it.</summary>
    public int SymbolOf(Rune rune) =>
        _characters.TryGetValue(rune, out var symbol) ? symbol
        : _fallsBackToBytes ? -2 - rune.Utf8SequenceLength
        : UnknownCharacter;

    /// <summary>The tokens of a symbol; 0: it is the unknown token.</summary>
    public int TokensOf(int symbol) => symbol switch
    {
        Atom => 1,
        < 0 => -2 - symbol,
        _ => _costs.TryGetValue(symbol, out var cost) ? cost : 1,
    };
}
