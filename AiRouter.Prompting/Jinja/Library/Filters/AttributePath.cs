using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>
/// The <c>attribute</c> argument of a filter: names and numbers with dots between them, each looked up in what the one
/// before it gave.
/// </summary>
internal sealed class AttributePath
{
    private readonly JinjaValue[] _parts;
    private readonly JinjaName?[] _names;
    private readonly JinjaValue _default;

    private AttributePath(JinjaValue[] parts, JinjaValue @default)
    {
        _parts = parts;
        _names = Array.ConvertAll(parts, p => p.TryGetString(out var name) ? JinjaName.Of(name) : null);
        _default = @default;
    }

    /// <summary>The path; of <c>None</c> the value itself.</summary>
    /// <param name="attribute">What the template says.</param>
    /// <param name="default">What stands for an undefined value; <c>None</c>: nothing.</param>
    public static AttributePath Parse(in JinjaValue attribute, in JinjaValue @default)
    {
        if (attribute.IsNone)
        {
            return new([], @default);
        }

        return attribute.TryGetString(out var text) ? new(Parts(text), @default) : new([attribute], @default);
    }

    /// <summary>Several paths, with commas between them.</summary>
    public static AttributePath[] ParseMany(in JinjaValue attribute) => attribute.TryGetString(out var text)
        ? Array.ConvertAll(text.Split(','), p => Parse(JinjaValue.From(p), JinjaValue.None))
        : [Parse(attribute, JinjaValue.None)];

    /// <summary>What the path leads to.</summary>
    public JinjaValue Get(JinjaValue item, JinjaRun run)
    {
        for (var i = 0; i < _parts.Length; i++)
        {
            item = _names[i] is { } name ? Lookup.Item(item, name, run) : Lookup.Item(item, _parts[i], run);
            if (item.IsUndefined && !_default.IsNone)
            {
                item = _default;
            }
        }

        return item;
    }

    /// <summary>What the path leads to, texts in small letters unless case matters.</summary>
    public JinjaValue Key(in JinjaValue item, bool isCaseSensitive, JinjaRun run) =>
        Caseless(Get(item, run), isCaseSensitive, run);

    /// <summary>A text in small letters, unless case matters; other values as they are.</summary>
    public static JinjaValue Caseless(in JinjaValue value, bool isCaseSensitive, JinjaRun run)
    {
        if (isCaseSensitive || !value.TryGetString(out var text))
        {
            return value;
        }

        run.Reserve(text.Length);
        return JinjaValue.From(UnicodeCase.Lower(text));
    }

    private static JinjaValue[] Parts(string text) => Array.ConvertAll(
        text.Split('.'),
        part => part.All(c => UnicodeClasses.IsDigit(c)) && Conversion.TryReadInteger(part, 10, out var number)
            ? JinjaValue.From(number)
            : JinjaValue.From(part));
}
