using System.Text;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.Unicode;

/// <summary>Unicode's normalization form C (Unicode Standard Annex 15), which the tokenizers of Qwen and others begin with.</summary>
internal sealed class CanonicalComposition : ITextRule
{
    /// <summary>The only one.</summary>
    public static readonly CanonicalComposition Instance = new();

    private readonly CanonicalTable _table = CanonicalTable.Instance;

    /// <inheritdoc/>
    public string? Apply(ReadOnlySpan<char> text, bool isStart) =>
        text.ContainsAny(_table.Suspects) ? Normalize(text) : null;

    private string Normalize(ReadOnlySpan<char> text)
    {
        var parts = Decompose(text);
        Order(parts);
        return Compose(parts);
    }

    private List<(int Code, byte Class)> Decompose(ReadOnlySpan<char> text)
    {
        var result = new List<(int Code, byte Class)>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            AddDecomposed(rune.Value, result);
        }

        return result;
    }

    private void AddDecomposed(int code, List<(int Code, byte Class)> result)
    {
        if (code >= 0xC0 && (_table.TryDecompose(code, out var parts) || Hangul.TryDecompose(code, out parts)))
        {
            AddDecomposed(parts.First, result);
            if (parts.Second != 0)
            {
                AddDecomposed(parts.Second, result);
            }

            return;
        }

        result.Add((code, code < 0x300 ? (byte)0 : _table.ClassOf(code)));
    }

    /// <summary>Marks in a row stand in the order of their classes, equal ones as they came.</summary>
    private static void Order(List<(int Code, byte Class)> parts)
    {
        for (var end = 1; end < parts.Count; end++)
        {
            if (parts[end].Class == 0 || parts[end].Class >= parts[end - 1].Class)
            {
                continue;
            }

            var start = parts.FindLastIndex(end - 1, part => part.Class == 0) + 1;
            end = parts.FindIndex(end, part => part.Class == 0) is > 0 and var starter ? starter : parts.Count;
            var ordered = parts.Skip(start).Take(end - start).OrderBy(part => part.Class).ToList();
            for (var i = start; i < end; i++)
            {
                parts[i] = ordered[i - start];
            }
        }
    }

    private string Compose(List<(int Code, byte Class)> parts)
    {
        var count = 0;
        var starter = -1;
        for (var i = 0; i < parts.Count; i++)
        {
            var (code, combiningClass) = parts[i];
            // A mark is blocked by another of its class (or above) that stands between it and the starter.
            var isOpen = starter >= 0 && (starter == count - 1 || (combiningClass != 0 && parts[count - 1].Class < combiningClass));
            if (isOpen && TryCompose(parts[starter].Code, code, out var composed))
            {
                parts[starter] = (composed, 0);
                continue;
            }

            if (combiningClass == 0)
            {
                starter = count;
            }

            parts[count++] = (code, combiningClass);
        }

        var result = new StringBuilder(count);
        foreach (var (code, _) in parts.Take(count))
        {
            result.Append(new Rune(code));
        }

        return result.ToString();
    }

    private bool TryCompose(int first, int second, out int composed) =>
        _table.TryCompose(first, second, out composed) || Hangul.TryCompose(first, second, out composed);
}
