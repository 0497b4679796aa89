using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>Python's <c>strip</c> and its relatives. A text that needs no trimming is returned as it is.</summary>
internal static class StringTrimming
{
    private static readonly string[] Chars = ["chars"];

    public static JinjaValue Both(in JinjaValue self, in JinjaCall call) => Trim(self, call, "strip", true, true);

    public static JinjaValue Start(in JinjaValue self, in JinjaCall call) => Trim(self, call, "lstrip", true, false);

    public static JinjaValue End(in JinjaValue self, in JinjaCall call) => Trim(self, call, "rstrip", false, true);

    public static JinjaValue RemovePrefix(in JinjaValue self, in JinjaCall call)
    {
        var prefix = new CallArguments(call, "removeprefix", ["prefix"], 1).String(0, string.Empty);
        return self.AsString.StartsWith(prefix, StringComparison.Ordinal)
            ? Part(self, prefix.Length, 0, call.Run)
            : self;
    }

    public static JinjaValue RemoveSuffix(in JinjaValue self, in JinjaCall call)
    {
        var suffix = new CallArguments(call, "removesuffix", ["suffix"], 1).String(0, string.Empty);
        return self.AsString.EndsWith(suffix, StringComparison.Ordinal)
            ? Part(self, 0, suffix.Length, call.Run)
            : self;
    }

    /// <summary>Trims white space from both ends, the way of most templates.</summary>
    public static JinjaValue Spaces(in JinjaValue self, JinjaRun run, bool atStart = true, bool atEnd = true)
    {
        var text = self.AsString;
        var start = 0;
        var end = text.Length;
        while (atStart && start < end && UnicodeClasses.IsSpace(text[start]))
        {
            start++;
        }

        while (atEnd && end > start && UnicodeClasses.IsSpace(text[end - 1]))
        {
            end--;
        }

        return Part(self, start, text.Length - end, run);
    }

    /// <summary>Trims all of <paramref name="chars"/>.</summary>
    public static JinjaValue Characters(
        in JinjaValue self, string chars, JinjaRun run, bool atStart = true, bool atEnd = true)
    {
        var text = self.AsString;
        var start = 0;
        var end = text.Length;
        if (chars.Length == 0)
        {
            return self;
        }

        while (atStart && start < end)
        {
            var length = CodePoints.LengthAt(text, start);
            if (!chars.AsSpan().Contains(text.AsSpan(start, length), StringComparison.Ordinal))
            {
                break;
            }

            start += length;
        }

        while (atEnd && end > start)
        {
            var length = end - start > 1 ? CodePoints.LengthAt(text, end - 2) : 1;
            if (!chars.AsSpan().Contains(text.AsSpan(end - length, length), StringComparison.Ordinal))
            {
                break;
            }

            end -= length;
        }

        return Part(self, start, text.Length - end, run);
    }

    private static JinjaValue Trim(in JinjaValue self, in JinjaCall call, string name, bool atStart, bool atEnd)
    {
        if (call.Positional.IsEmpty && call.Names.IsEmpty)
        {
            return Spaces(self, call.Run, atStart, atEnd);
        }

        if (!new CallArguments(call, name, Chars).TryGet(0, out var chars) || chars.IsNone)
        {
            return Spaces(self, call.Run, atStart, atEnd);
        }

        return chars.TryGetString(out var text)
            ? Characters(self, text, call.Run, atStart, atEnd)
            : throw JinjaValueException.TypeError($"{name} arg must be None or str");
    }

    private static JinjaValue Part(in JinjaValue self, int fromStart, int fromEnd, JinjaRun run)
    {
        if (fromStart == 0 && fromEnd == 0)
        {
            return self;
        }

        var length = self.AsString.Length - fromStart - fromEnd;
        run.Reserve(length);
        return StringMethods.Like(self, self.AsString.Substring(fromStart, length));
    }
}
