using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>Python's <c>center</c>, <c>ljust</c>, <c>rjust</c>, <c>zfill</c> and <c>expandtabs</c>.</summary>
internal static class StringPadding
{
    private static readonly string[] Parameters = ["width", "fillchar"];

    public static JinjaValue Center(in JinjaValue self, in JinjaCall call)
    {
        var (width, fill) = Read(call, "center");
        return Center(self, width, fill, call.Run);
    }

    /// <summary>Centers; an odd place goes to the left of a wide field of odd width, as CPython has it.</summary>
    public static JinjaValue Center(in JinjaValue self, long width, string fill, JinjaRun run)
    {
        var missing = Missing(self, width);
        var left = (missing / 2) + (missing & width & 1);
        return Pad(self, left, missing - left, fill, run);
    }

    public static JinjaValue Left(in JinjaValue self, in JinjaCall call)
    {
        var (width, fill) = Read(call, "ljust");
        return Pad(self, 0, Missing(self, width), fill, call.Run);
    }

    public static JinjaValue Right(in JinjaValue self, in JinjaCall call)
    {
        var (width, fill) = Read(call, "rjust");
        return Pad(self, Missing(self, width), 0, fill, call.Run);
    }

    public static JinjaValue ZeroFill(in JinjaValue self, in JinjaCall call)
    {
        var missing = Missing(self, new CallArguments(call, "zfill", ["width"], 1).Integer(0, 0));
        var text = self.AsString;
        if (missing == 0 || text is not ['+' or '-', ..])
        {
            return Pad(self, missing, 0, "0", call.Run);
        }

        var digits = Pad(JinjaValue.From(text[1..]), missing, 0, "0", call.Run);
        return StringMethods.Like(self, text[0] + digits.AsString);
    }

    public static JinjaValue ExpandTabs(in JinjaValue self, in JinjaCall call)
    {
        var size = new CallArguments(call, "expandtabs", ["tabsize"]).Integer(0, 8);
        var text = self.AsString;
        using var result = new JinjaText(call.Run);
        long column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\t' when size > 0:
                    var spaces = size - (column % size);
                    Require(spaces);
                    result.Append(' ', (int)spaces);
                    column += spaces;
                    break;
                case '\t':
                    break;
                case '\n' or '\r':
                    result.Append(text[i]);
                    column = 0;
                    break;
                default:
                    result.Append(text[i]);
                    column += char.IsLowSurrogate(text[i]) ? 0 : 1;
                    break;
            }
        }

        return StringMethods.Like(self, result.ToString());
    }

    private static (long Width, string Fill) Read(in JinjaCall call, string name)
    {
        var arguments = new CallArguments(call, name, Parameters, 1);
        var width = arguments.Integer(0, 0);
        if (!arguments.TryGet(1, out var fill))
        {
            return (width, " ");
        }

        if (!fill.TryGetString(out var character))
        {
            throw JinjaValueException.TypeError(
                $"The fill character must be a unicode character, not {PythonTypes.NameOf(fill)}");
        }

        return CodePoints.Count(character) == 1
            ? (width, character)
            : throw JinjaValueException.TypeError("The fill character must be exactly one character long");
    }

    private static long Missing(in JinjaValue self, long width) => Math.Max(0, width - CodePoints.Count(self.AsString));

    private static JinjaValue Pad(in JinjaValue self, long left, long right, string fill, JinjaRun run)
    {
        if (left == 0 && right == 0)
        {
            return self;
        }

        Require(left);
        Require(right);
        run.Reserve((left + right) * fill.Length);
        using var text = new JinjaText(run);
        AppendMany(text, fill, left);
        text.Append(self.AsString);
        AppendMany(text, fill, right);
        return StringMethods.Like(self, text.ToString());
    }

    private static void AppendMany(JinjaText text, string fill, long count)
    {
        if (fill.Length == 1)
        {
            text.Append(fill[0], (int)count);
            return;
        }

        for (; count > 0; count--)
        {
            text.Append(fill);
        }
    }

    private static void Require(long count)
    {
        if (count > Array.MaxLength / 4)
        {
            throw new JinjaValueException("MemoryError", "the text is too long");
        }
    }
}
