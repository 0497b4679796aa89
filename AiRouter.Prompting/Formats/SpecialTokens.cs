using System.Buffers;
using System.Text;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats;

/// <summary>
/// Takes special tokens that users write for plain text (R15): a space goes behind the first character of each, so that no
/// tokenizer finds it (<c>&lt;|im_end|&gt;</c> becomes <c>&lt; |im_end|&gt;</c>). A space, because tokenizers may drop
/// invisible characters before they look for special tokens. Broken up are the tokens that the format names, and everything
/// of the form <c>&lt;|…|&gt;</c>, whether the format names it or not.
/// </summary>
internal sealed class SpecialTokens
{
    private const int MostNameLength = 64;

    private readonly Dictionary<char, string[]> _byFirst;
    private readonly SearchValues<char> _firsts;

    /// <summary>Looks for the special tokens of a format as a model uses it.</summary>
    public static SpecialTokens Of(FormatSource source, string bos, string eos) =>
        new(source.SpecialTokens.Concat(source.Traits.EndTokens).Concat([bos, eos]));

    /// <summary>Looks for these; what is too short to be a special token is left out.</summary>
    public SpecialTokens(IEnumerable<string> tokens)
    {
        _byFirst = tokens.Where(t => t.Trim().Length > 2).Distinct(StringComparer.Ordinal).GroupBy(t => t[0])
            .ToDictionary(g => g.Key, g => g.ToArray());
        _firsts = SearchValues.Create([.. _byFirst.Keys, '<']);
    }

    /// <summary>The text with its special tokens broken up.</summary>
    public string Break(string text)
    {
        StringBuilder? broken = null;
        var copied = 0;
        for (var at = Next(text, 0); at >= 0; at = Next(text, at + 1))
        {
            if (LengthAt(text.AsSpan(at)) > 0)
            {
                broken ??= new StringBuilder(text.Length + 16);
                broken.Append(text, copied, at + 1 - copied).Append(' ');
                copied = at + 1;
            }
        }

        return broken is null ? text : broken.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Where the special tokens of a text are, in order: the longest at each place, none inside another.</summary>
    public IEnumerable<(int At, int Length)> Find(string text)
    {
        for (var at = Next(text, 0); at >= 0;)
        {
            var length = LengthAt(text.AsSpan(at));
            if (length > 0)
            {
                yield return (at, length);
            }

            at = Next(text, at + Math.Max(length, 1));
        }
    }

    /// <summary>A value with the special tokens of its texts broken up, those of names too.</summary>
    public JinjaValue Break(JinjaValue value)
    {
        if (value.TryGetString(out var text))
        {
            return JinjaValue.From(Break(text));
        }

        if (value.TryGetItems(out var items))
        {
            var list = new JinjaValue[items.Length];
            for (var i = 0; i < list.Length; i++)
            {
                list[i] = Break(items[i]);
            }

            return JinjaValue.List(list);
        }

        if (!value.TryGetDict(out var dict))
        {
            return value;
        }

        var copy = new JinjaDict(dict.Count);
        foreach (var (key, item) in dict.Entries)
        {
            copy.Set(Break(key), Break(item));
        }

        return JinjaValue.From(copy);
    }

    private int Next(string text, int from)
    {
        var next = text.AsSpan(from).IndexOfAny(_firsts);
        return next < 0 ? -1 : from + next;
    }

    /// <summary>How long the special token is that the text begins with; 0: it begins with none.</summary>
    private int LengthAt(ReadOnlySpan<char> text)
    {
        var longest = 0;
        if (text is ['<', '|' or '｜', ..])
        {
            var name = text.Slice(2, Math.Min(text.Length - 2, MostNameLength));
            var end = name.IndexOfAny('|', '｜');
            if (end > 0 && end + 1 < name.Length && name[end + 1] == '>' && !name[..end].ContainsAny(' ', '<', '\n'))
            {
                longest = end + 4;
            }
        }

        foreach (var token in _byFirst.GetValueOrDefault(text[0], []))
        {
            if (token.Length > longest && text.StartsWith(token, StringComparison.Ordinal))
            {
                longest = token.Length;
            }
        }

        return longest;
    }
}
