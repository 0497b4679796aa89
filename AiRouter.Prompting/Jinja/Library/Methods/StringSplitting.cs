using System.Buffers;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>Python's <c>split</c>, <c>rsplit</c> and <c>splitlines</c>.</summary>
internal static class StringSplitting
{
    private static readonly string[] Parameters = ["sep", "maxsplit"];

    private static readonly string[] LineParameters = ["keepends"];

    public static JinjaValue Split(in JinjaValue self, in JinjaCall call)
    {
        var (separator, most) = Read(call, "split");
        call.Run.Reserve(self.AsString.Length);
        var parts = new List<JinjaValue>();
        if (separator is null)
        {
            AtSpaces(self, most, parts);
        }
        else
        {
            AtSeparator(self, separator, most, parts);
        }

        return ToList(parts, call.Run);
    }

    public static JinjaValue SplitLast(in JinjaValue self, in JinjaCall call)
    {
        var (separator, most) = Read(call, "rsplit");
        call.Run.Reserve(self.AsString.Length);
        var parts = new List<JinjaValue>();
        if (separator is null)
        {
            AtSpacesFromEnd(self, most, parts);
        }
        else
        {
            AtSeparatorFromEnd(self, separator, most, parts);
        }

        parts.Reverse();
        return ToList(parts, call.Run);
    }

    public static JinjaValue SplitLines(in JinjaValue self, in JinjaCall call)
    {
        var keepEnds = new CallArguments(call, "splitlines", LineParameters).IsTrue(0);
        call.Run.Reserve(self.AsString.Length);
        var parts = new List<JinjaValue>();
        var text = self.AsString;
        var start = 0;
        while (start < text.Length)
        {
            var (end, next) = LineAt(text, start);
            parts.Add(StringMethods.Like(self, text[start..(keepEnds ? next : end)]));
            start = next;
        }

        return ToList(parts, call.Run);
    }

    /// <summary>Where the line that begins at <paramref name="start"/> ends, and where the next one begins.</summary>
    public static (int End, int Next) LineAt(string text, int start)
    {
        var found = text.AsSpan(start).IndexOfAny(LineEnds);
        if (found < 0)
        {
            return (text.Length, text.Length);
        }

        var end = start + found;
        return (end, end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1));
    }

    private static readonly SearchValues<char> LineEnds =
        SearchValues.Create("\n\r\v\f\x1C\x1D\x1E\x85\u2028\u2029");

    private static (string? Separator, long Most) Read(in JinjaCall call, string name)
    {
        var arguments = new CallArguments(call, name, Parameters);
        var separator = arguments.Get(0);
        var most = arguments.Integer(1, -1);
        if (separator.IsNone)
        {
            return (null, most < 0 ? long.MaxValue : most);
        }

        if (!separator.TryGetString(out var text))
        {
            throw JinjaValueException.TypeError($"must be str or None, not {PythonTypes.NameOf(separator)}");
        }

        return text.Length > 0
            ? (text, most < 0 ? long.MaxValue : most)
            : throw JinjaValueException.ValueError("empty separator");
    }

    private static void AtSeparator(in JinjaValue self, string separator, long most, List<JinjaValue> parts)
    {
        var text = self.AsString;
        var start = 0;
        while (parts.Count < most)
        {
            var found = text.IndexOf(separator, start, StringComparison.Ordinal);
            if (found < 0)
            {
                break;
            }

            parts.Add(StringMethods.Like(self, text[start..found]));
            start = found + separator.Length;
        }

        parts.Add(StringMethods.Like(self, start == 0 ? text : text[start..]));
    }

    private static void AtSeparatorFromEnd(in JinjaValue self, string separator, long most, List<JinjaValue> parts)
    {
        var text = self.AsString;
        var end = text.Length;
        while (parts.Count < most)
        {
            var found = text.AsSpan(0, end).LastIndexOf(separator);
            if (found < 0)
            {
                break;
            }

            parts.Add(StringMethods.Like(self, text[(found + separator.Length)..end]));
            end = found;
        }

        parts.Add(StringMethods.Like(self, text[..end]));
    }

    private static void AtSpaces(in JinjaValue self, long most, List<JinjaValue> parts)
    {
        var text = self.AsString;
        var i = 0;
        while (true)
        {
            while (i < text.Length && UnicodeClasses.IsSpace(text[i]))
            {
                i++;
            }

            if (i == text.Length)
            {
                return;
            }

            var start = i;
            if (parts.Count >= most)
            {
                parts.Add(StringMethods.Like(self, text[start..]));
                return;
            }

            while (i < text.Length && !UnicodeClasses.IsSpace(text[i]))
            {
                i++;
            }

            parts.Add(StringMethods.Like(self, text[start..i]));
        }
    }

    private static void AtSpacesFromEnd(in JinjaValue self, long most, List<JinjaValue> parts)
    {
        var text = self.AsString;
        var i = text.Length;
        while (true)
        {
            while (i > 0 && UnicodeClasses.IsSpace(text[i - 1]))
            {
                i--;
            }

            if (i == 0)
            {
                return;
            }

            var end = i;
            if (parts.Count >= most)
            {
                parts.Add(StringMethods.Like(self, text[..end]));
                return;
            }

            while (i > 0 && !UnicodeClasses.IsSpace(text[i - 1]))
            {
                i--;
            }

            parts.Add(StringMethods.Like(self, text[i..end]));
        }
    }

    private static JinjaValue ToList(List<JinjaValue> parts, JinjaRun run)
    {
        run.Reserve(parts.Count);
        run.Spend(parts.Count);
        return JinjaValue.List([.. parts]);
    }
}
