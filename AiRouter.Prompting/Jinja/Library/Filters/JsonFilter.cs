using System.Globalization;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>
/// <c>tojson</c> as transformers defines it for chat templates: <c>json.dumps</c> with <c>ensure_ascii=False</c>,
/// nothing escaped for HTML.
/// </summary>
internal static class JsonFilter
{
    private const long MostIndent = 1000;

    private static readonly string[] Parameters = ["ensure_ascii", "indent", "separators", "sort_keys"];

    public static JinjaValue Apply(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "tojson", Parameters);
        var indent = Indent(arguments.Get(1));
        var (item, key) = Separators(arguments.Get(2), indent, call.Run);
        using var text = new JinjaText(call.Run);
        new JsonWriting(text)
        {
            EnsuresAscii = arguments.IsTrue(0),
            Indent = indent,
            ItemSeparator = item,
            KeySeparator = key,
            SortsKeys = arguments.IsTrue(3),
        }.Write(value);
        return JinjaValue.From(text.ToString());
    }

    private static string? Indent(in JinjaValue indent)
    {
        if (indent.IsNone || indent.IsString)
        {
            return indent.IsNone ? null : indent.AsString;
        }

        var spaces = CallArguments.ToInteger(indent);
        return spaces <= MostIndent
            ? new string(' ', (int)Math.Max(0, spaces))
            : throw JinjaValueException.ValueError(
                string.Create(CultureInfo.InvariantCulture, $"an indent of {spaces} is too much"));
    }

    private static (string Item, string Key) Separators(in JinjaValue separators, string? indent, JinjaRun run)
    {
        if (separators.IsNone)
        {
            return (indent is null ? ", " : ",", ": ");
        }

        var pair = Iteration.ToArray(separators, run);
        if (pair.Length != 2)
        {
            throw JinjaValueException.ValueError(
                pair.Length > 2
                    ? "too many values to unpack (expected 2)"
                    : $"not enough values to unpack (expected 2, got {pair.Length})");
        }

        return pair is [{ IsString: true } item, { IsString: true } key]
            ? (item.AsString, key.AsString)
            : throw JinjaValueException.TypeError("separators must be texts");
    }
}
