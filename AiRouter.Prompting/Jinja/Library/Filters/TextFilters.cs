using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>Filters that turn one text into another.</summary>
internal static class TextFilters
{
    private static readonly string[] CharsParameter = ["chars"];

    private static readonly string[] ReplaceParameters = ["old", "new", "count"];

    private static readonly string[] IndentParameters = ["width", "first", "blank"];

    private static readonly string[] TruncateParameters = ["length", "killwords", "end", "leeway"];

    public static JinjaValue String(in JinjaValue value, in JinjaCall call)
    {
        RequireNone(call, "string");
        return Soft(value, call.Run);
    }

    public static JinjaValue Upper(in JinjaValue value, in JinjaCall call)
    {
        RequireNone(call, "upper");
        var text = Soft(value, call.Run);
        call.Run.Reserve(text.AsString.Length);
        return StringMethods.Like(text, UnicodeCase.Upper(text.AsString));
    }

    public static JinjaValue Lower(in JinjaValue value, in JinjaCall call)
    {
        RequireNone(call, "lower");
        var text = Soft(value, call.Run);
        call.Run.Reserve(text.AsString.Length);
        return StringMethods.Like(text, UnicodeCase.Lower(text.AsString));
    }

    public static JinjaValue Capitalize(in JinjaValue value, in JinjaCall call)
    {
        RequireNone(call, "capitalize");
        var text = Soft(value, call.Run);
        call.Run.Reserve(text.AsString.Length);
        return StringMethods.Like(text, UnicodeCase.Capitalize(text.AsString));
    }

    /// <summary>Jinja2's own: words begin after spaces, hyphens and opening brackets.</summary>
    public static JinjaValue Title(in JinjaValue value, in JinjaCall call)
    {
        RequireNone(call, "title");
        var text = PythonText.Str(value, call.Run);
        call.Run.Reserve(text.Length);
        using var result = new JinjaText(call.Run);
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !IsBetweenWords(text[i]))
            {
                continue;
            }

            if (i > start)
            {
                var first = CodePoints.LengthAt(text, start);
                result.Append(UnicodeCase.Upper(text.Substring(start, first)));
                result.Append(UnicodeCase.Lower(text[(start + first)..i]));
            }

            if (i < text.Length)
            {
                result.Append(text[i]);
            }

            start = i + 1;
        }

        return JinjaValue.From(result.ToString());
    }

    public static JinjaValue Trim(in JinjaValue value, in JinjaCall call)
    {
        var text = Soft(value, call.Run);
        if (call.Positional.IsEmpty && call.Names.IsEmpty)
        {
            return StringTrimming.Spaces(text, call.Run);
        }

        var chars = new CallArguments(call, "trim", CharsParameter).Get(0);
        if (chars.IsNone)
        {
            return StringTrimming.Spaces(text, call.Run);
        }

        return chars.TryGetString(out var set)
            ? StringTrimming.Characters(text, set, call.Run)
            : throw JinjaValueException.TypeError("strip arg must be None or str");
    }

    public static JinjaValue Center(in JinjaValue value, in JinjaCall call) => StringPadding.Center(
        Soft(value, call.Run), new CallArguments(call, "center", ["width"]).Integer(0, 80), " ", call.Run);

    public static JinjaValue Replace(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "replace", ReplaceParameters, 2);
        var text = PythonText.Str(value, call.Run);
        var count = arguments.Get(2);
        var replaced = StringParts.Replace(
            text,
            PythonText.Str(arguments.Get(0), call.Run),
            PythonText.Str(arguments.Get(1), call.Run),
            count.IsNone ? -1 : CallArguments.ToInteger(count),
            call.Run);
        return ReferenceEquals(replaced, text) && value.IsString && !value.IsMarkup ? value : JinjaValue.From(replaced);
    }

    public static JinjaValue Format(in JinjaValue value, in JinjaCall call)
    {
        if (!call.Positional.IsEmpty && !call.Names.IsEmpty)
        {
            throw JinjaValueException.Argument("can't handle positional and keyword arguments at the same time");
        }

        if (call.Names.IsEmpty)
        {
            return PercentFormat.Apply(Soft(value, call.Run), JinjaValue.Tuple(call.Positional.ToArray()), call.Run);
        }

        var named = new JinjaDict(call.Names.Length);
        for (var i = 0; i < call.Names.Length; i++)
        {
            named.Set(call.Names[i], call.Named[i]);
        }

        return PercentFormat.Apply(Soft(value, call.Run), JinjaValue.From(named), call.Run);
    }

    public static JinjaValue Indent(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "indent", IndentParameters);
        if (!value.IsString && !value.IsUndefined)
        {
            throw JinjaValueException.TypeError(
                $"unsupported operand type(s) for +=: '{PythonTypes.NameOf(value)}' and 'str'");
        }

        var text = RequireText(value, "splitlines");
        var width = arguments.TryGet(0, out var given) ? given : JinjaValue.From(4);
        var indent = width.IsString
            ? width
            : Arithmetic.Multiply(JinjaValue.From(" "), width, call.Run);
        var indention = value.IsMarkup ? Html.Escape(indent, call.Run) : indent.AsString;
        var (isFirstIndented, areBlankIndented) = (arguments.IsTrue(1), arguments.IsTrue(2));

        using var result = new JinjaText(call.Run);
        var start = 0;
        do
        {
            // A line end is added, so that the text's own last one makes an empty line.
            var (end, next) = start < text.Length ? StringSplitting.LineAt(text, start) : (start, start + 1);
            if (start > 0)
            {
                result.Append('\n');
            }

            var isIndented = start == 0 ? isFirstIndented : end > start || areBlankIndented;
            if (isIndented)
            {
                result.Append(indention);
            }

            result.Append(text.AsSpan(start, end - start));
            start = next == end ? text.Length + 1 : next;
        }
        while (start <= text.Length);

        return StringMethods.Like(value, result.ToString());
    }

    public static JinjaValue Truncate(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "truncate", TruncateParameters);
        var length = arguments.Integer(0, 255);
        var end = arguments.String(2, "...");
        var leeway = arguments.Get(3);
        var most = leeway.IsNone ? 5 : CallArguments.ToInteger(leeway);
        var endLength = CodePoints.Count(end);
        if (length < endLength || most < 0)
        {
            throw new JinjaValueException("AssertionError", length < endLength
                ? $"expected length >= {endLength}, got {length}"
                : $"expected leeway >= 0, got {most}");
        }

        if (Iteration.Length(value) <= (Int128)length + most)
        {
            return value;
        }

        var text = RequireText(value, "rsplit");
        var cut = text[..CodePoints.ToUnit(text, length - endLength)];
        if (!arguments.IsTrue(1) && cut.LastIndexOf(' ') is var space and >= 0)
        {
            cut = cut[..space];
        }

        call.Run.Reserve(cut.Length + end.Length);
        return StringMethods.Like(value, cut + (value.IsMarkup ? Html.Escape(arguments.Get(2), call.Run) : end));
    }

    public static JinjaValue WordCount(in JinjaValue value, in JinjaCall call)
    {
        RequireNone(call, "wordcount");
        var text = PythonText.Str(value, call.Run);
        call.Run.Spend(1 + (text.Length / 16));
        var count = 0;
        var isInside = false;
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var isWord = UnicodeClasses.IsWord(CodePoints.At(text, i));
            count += isWord && !isInside ? 1 : 0;
            isInside = isWord;
        }

        return JinjaValue.From(count);
    }

    /// <summary>The value as text; of text itself, markup or not.</summary>
    public static JinjaValue Soft(in JinjaValue value, JinjaRun run) =>
        value.IsString ? value : JinjaValue.From(PythonText.Str(value, run));

    /// <summary>Throws Python's TypeError when there are arguments.</summary>
    public static void RequireNone(in JinjaCall call, string filter)
    {
        if (!call.Positional.IsEmpty || !call.Names.IsEmpty)
        {
            throw JinjaValueException.TypeError($"the filter '{filter}' takes no arguments");
        }
    }

    /// <summary>The text; Python's AttributeError of what has no such method.</summary>
    public static string RequireText(in JinjaValue value, string method)
    {
        if (value.IsUndefined)
        {
            throw value.UndefinedError();
        }

        return value.TryGetString(out var text)
            ? text
            : throw JinjaValueException.AttributeError(
                $"'{PythonTypes.NameOf(value)}' object has no attribute '{method}'");
    }

    private static bool IsBetweenWords(char c) => c is '-' or '(' or '{' or '[' or '<' || UnicodeClasses.IsSpace(c);
}
