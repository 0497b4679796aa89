using System.Buffers;
using System.Net;
using System.Text;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>Filters about HTML and URLs.</summary>
internal static class MarkupFilters
{
    private const string UnquotedInUrls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

    private static readonly SearchValues<char> NotInNames = SearchValues.Create(" \t\n\r\f\v/>=");

    public static JinjaValue Escape(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "escape");
        return value.IsMarkup ? value : JinjaValue.Markup(Html.Escape(value, call.Run));
    }

    public static JinjaValue ForceEscape(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "forceescape");
        return JinjaValue.Markup(Html.Escape(PythonText.Str(value, call.Run), call.Run));
    }

    public static JinjaValue Safe(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "safe");
        return value.IsMarkup ? value : JinjaValue.Markup(PythonText.Str(value, call.Run));
    }

    /// <summary>Removes comments and tags, makes white space single spaces, and replaces entities.</summary>
    public static JinjaValue StripTags(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "striptags");
        var text = PythonText.Str(value, call.Run);
        call.Run.Reserve(text.Length);
        text = Without(Without(text, "<!--", "-->"), "<", ">");
        var words = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!UnicodeClasses.IsSpace(c))
            {
                words.Append(c);
            }
            else if (words.Length > 0 && words[^1] != ' ')
            {
                words.Append(' ');
            }
        }

        return JinjaValue.From(WebUtility.HtmlDecode(words.ToString().TrimEnd(' ')));
    }

    public static JinjaValue XmlAttributes(in JinjaValue value, in JinjaCall call)
    {
        var hasSpace = new CallArguments(call, "xmlattr", ["autospace"]).IsTrue(0, otherwise: true);
        var dict = OrderFilters.RequireDict(value, "items");
        using var text = new JinjaText(call.Run);
        foreach (ref readonly var entry in dict.Entries)
        {
            if (entry.Value.IsNone || entry.Value.IsUndefined)
            {
                continue;
            }

            if (!entry.Key.TryGetString(out var key))
            {
                throw JinjaValueException.TypeError(
                    $"expected string or bytes-like object, got '{PythonTypes.NameOf(entry.Key)}'");
            }

            if (key.AsSpan().ContainsAny(NotInNames))
            {
                throw JinjaValueException.ValueError($"Invalid character in attribute name: {PythonText.Repr(key)}");
            }

            if (hasSpace || text.Length > 0)
            {
                text.Append(' ');
            }

            Html.AppendEscaped(text, entry.Key);
            text.Append("=\"");
            Html.AppendEscaped(text, entry.Value);
            text.Append('"');
        }

        return JinjaValue.From(text.ToString());
    }

    public static JinjaValue UrlEncode(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "urlencode");
        using var text = new JinjaText(call.Run);
        if (value.IsString || !Iteration.IsIterable(value))
        {
            AppendQuoted(text, PythonText.Str(value, call.Run), isQuery: false);
            return JinjaValue.From(text.ToString());
        }

        var isFirst = true;
        foreach (var pair in value.TryGetDict(out var dict) ? Pairs(dict) : Iteration.ToArray(value, call.Run))
        {
            call.Run.Spend(1);
            if (!Iteration.IsIterable(pair))
            {
                throw JinjaValueException.TypeError($"cannot unpack non-iterable {PythonTypes.NameOf(pair)} object");
            }

            var parts = Iteration.ToArray(pair, call.Run);
            if (parts.Length != 2)
            {
                throw JinjaValueException.ValueError(
                    parts.Length > 2
                        ? "too many values to unpack (expected 2)"
                        : $"not enough values to unpack (expected 2, got {parts.Length})");
            }

            text.Append(isFirst ? string.Empty : "&");
            isFirst = false;
            AppendQuoted(text, PythonText.Str(parts[0], call.Run), isQuery: true);
            text.Append('=');
            AppendQuoted(text, PythonText.Str(parts[1], call.Run), isQuery: true);
        }

        return JinjaValue.From(text.ToString());
    }

    private static JinjaValue[] Pairs(JinjaDict dict) =>
        Array.ConvertAll(dict.Entries.ToArray(), e => JinjaValue.Tuple(e.Key, e.Value));

    private static void AppendQuoted(JinjaText output, string text, bool isQuery)
    {
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (UnquotedInUrls.Contains(c) || (c == '/' && !isQuery))
            {
                output.Append(c);
            }
            else if (c == ' ' && isQuery)
            {
                output.Append('+');
            }
            else
            {
                output.Append($"%{b:X2}");
            }
        }
    }

    private static string Without(string text, string open, string close)
    {
        var start = text.IndexOf(open, StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var from = 0;
        while (start >= 0)
        {
            var end = text.IndexOf(close, start + open.Length, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            result.Append(text, from, start - from);
            from = end + close.Length;
            start = text.IndexOf(open, from, StringComparison.Ordinal);
        }

        return result.Append(text, from, text.Length - from).ToString();
    }
}
