using System.Text.RegularExpressions;
using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>The filters <c>wordwrap</c> and <c>urlize</c>.</summary>
internal static partial class LineFilters
{
    private static readonly string[] WrapParameters = ["width", "break_long_words", "wrapstring", "break_on_hyphens"];

    private static readonly string[] LinkParameters = ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"];

    public static JinjaValue WordWrap(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "wordwrap", WrapParameters);
        var text = TextFilters.RequireText(value, "splitlines");
        var separator = arguments.StringOrNull(2) ?? "\n";
        var wrapping = new WordWrapping(
            arguments.Integer(0, 79),
            arguments.IsTrue(1, otherwise: true),
            arguments.IsTrue(3, otherwise: true),
            call.Run);
        using var result = new JinjaText(call.Run);
        for (var start = 0; start < text.Length;)
        {
            if (start > 0)
            {
                result.Append(separator);
            }

            var (end, next) = StringSplitting.LineAt(text, start);
            result.Append(string.Join(separator, wrapping.Wrap(text[start..end])));
            start = next;
        }

        return JinjaValue.From(result.ToString());
    }

    public static JinjaValue Urlize(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "urlize", LinkParameters);
        var limit = arguments.Get(0).IsNone ? -1 : Math.Max(0, arguments.Integer(0, 0));
        var rel = new SortedSet<string>(StringComparer.Ordinal) { "noopener" };
        rel.UnionWith((arguments.StringOrNull(3) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (arguments.IsTrue(1))
        {
            rel.Add("nofollow");
        }

        var target = arguments.StringOrNull(2);
        var attributes = $" rel=\"{Html.Escape(string.Join(' ', rel), call.Run)}\"" +
            (string.IsNullOrEmpty(target) ? string.Empty : $" target=\"{Html.Escape(target, call.Run)}\"");
        var schemes = arguments.Get(4).IsNone ? [] : Iteration.ToArray(arguments.Get(4), call.Run);
        var names = Array.ConvertAll(schemes, s => s.TryGetString(out var name) && Scheme().IsMatch(name)
            ? name
            : throw JinjaValueException.Argument($"{PythonText.Repr(s)} is not a valid URI scheme prefix."));
        return JinjaValue.From(new LinkMaking(limit, attributes, names, call.Run).Make(Html.Escape(value, call.Run)));
    }

    [GeneratedRegex(@"^([\w.+-]{2,}:(/){0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
