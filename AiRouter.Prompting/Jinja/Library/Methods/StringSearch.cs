using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>Python's <c>find</c>, <c>count</c>, <c>startswith</c> and their relatives.</summary>
internal static class StringSearch
{
    private static readonly string[] Parameters = ["sub", "start", "end"];

    public static JinjaValue Find(in JinjaValue self, in JinjaCall call) =>
        JinjaValue.From(Position(self, call, "find"));

    public static JinjaValue FindLast(in JinjaValue self, in JinjaCall call) =>
        JinjaValue.From(Position(self, call, "rfind"));

    public static JinjaValue Index(in JinjaValue self, in JinjaCall call) => Required(Position(self, call, "index"));

    public static JinjaValue LastIndex(in JinjaValue self, in JinjaCall call) =>
        Required(Position(self, call, "rindex"));

    public static JinjaValue Count(in JinjaValue self, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "count", Parameters, 1);
        var sub = Sub(arguments);
        if (!TryRange(self.AsString, arguments, out var first, out var length))
        {
            return JinjaValue.From(0);
        }

        var text = self.AsString.AsSpan(first, length);
        call.Run.Spend(1 + (length / 64));
        return JinjaValue.From(sub.Length == 0 ? CodePoints.Count(text) + 1 : text.Count(sub));
    }

    public static JinjaValue StartsWith(in JinjaValue self, in JinjaCall call) => Affix(self, call, "startswith", true);

    public static JinjaValue EndsWith(in JinjaValue self, in JinjaCall call) => Affix(self, call, "endswith", false);

    private static JinjaValue Affix(in JinjaValue self, in JinjaCall call, string name, bool atStart)
    {
        if (call.Positional.Length == 1 && call.Names.IsEmpty && call.Positional[0].IsString)
        {
            Iteration.SpendOn(call.Positional[0], call.Run);
            return JinjaValue.From(Has(self.AsString, call.Positional[0].AsString, atStart));
        }

        var arguments = new CallArguments(call, name, Parameters, 1);
        var affix = arguments.Get(0);
        Iteration.SpendOn(self, call.Run);
        var isThere = TryRange(self.AsString, arguments, out var first, out var length);
        var text = self.AsString.AsSpan(first, length);
        if (affix.IsString)
        {
            return JinjaValue.From(isThere && Has(text, affix.AsString, atStart));
        }

        if (affix.Kind != JinjaKind.Tuple)
        {
            throw JinjaValueException.TypeError(
                $"{name} first arg must be str or a tuple of str, not {PythonTypes.NameOf(affix)}");
        }

        foreach (ref readonly var candidate in affix.AsItems.AsSpan())
        {
            if (!candidate.IsString)
            {
                throw JinjaValueException.TypeError(
                    $"tuple for {name} must only contain str, not {PythonTypes.NameOf(candidate)}");
            }

            if (isThere && Has(text, candidate.AsString, atStart))
            {
                return JinjaValue.True;
            }
        }

        return JinjaValue.False;
    }

    private static bool Has(ReadOnlySpan<char> text, string affix, bool atStart) =>
        atStart ? text.StartsWith(affix) : text.EndsWith(affix);

    private static long Position(in JinjaValue self, in JinjaCall call, string name)
    {
        var arguments = new CallArguments(call, name, Parameters, 1);
        var sub = Sub(arguments);
        var text = self.AsString;
        if (!TryRange(text, arguments, out var first, out var length))
        {
            return -1;
        }

        call.Run.Spend(1 + (length / 64));
        var part = text.AsSpan(first, length);
        var found = name[0] == 'r' ? part.LastIndexOf(sub) : part.IndexOf(sub);

        // .NET finds the empty text before the last character, Python behind it.
        found = name[0] == 'r' && sub.Length == 0 ? part.Length : found;
        return found < 0 ? -1 : CodePoints.Count(text.AsSpan(0, first + found));
    }

    private static string Sub(in CallArguments arguments)
    {
        var sub = arguments.Get(0);
        return sub.TryGetString(out var text)
            ? text
            : throw JinjaValueException.TypeError($"must be str, not {PythonTypes.NameOf(sub)}");
    }

    private static bool TryRange(string text, in CallArguments arguments, out int first, out int length)
    {
        first = 0;
        length = text.Length;
        var from = arguments.Get(1);
        var to = arguments.Get(2);
        if (from.IsNone && to.IsNone)
        {
            return true;
        }

        var count = CodePoints.Count(text);
        var (start, stop, _) = Slices.Indices(from, to, JinjaValue.None, count);

        // Python: behind the end there is not even an empty text.
        if (start > stop || (from.TryGetInt64(out var asked) && asked > count))
        {
            length = 0;
            return false;
        }

        first = CodePoints.ToUnit(text, start);
        length = CodePoints.ToUnit(text, stop) - first;
        return true;
    }

    private static JinjaValue Required(long position) =>
        position < 0 ? throw JinjaValueException.ValueError("substring not found") : JinjaValue.From(position);
}
