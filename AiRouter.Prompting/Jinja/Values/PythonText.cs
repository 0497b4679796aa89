using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's <c>str</c> and <c>repr</c>.</summary>
internal static class PythonText
{
    /// <summary>Writes <c>str(value)</c> as UTF-8; text and numbers go straight to the output.</summary>
    public static void Write(in JinjaValue value, IBufferWriter<byte> output, JinjaRun run)
    {
        switch (value.Kind)
        {
            case JinjaKind.String:
                WriteText(value.AsString, output);
                break;
            case JinjaKind.Undefined:
                break;
            case JinjaKind.None:
                output.Write("None"u8);
                break;
            case JinjaKind.Boolean:
                output.Write(value.IsTrue ? "True"u8 : "False"u8);
                break;
            case JinjaKind.Integer when value.IsSmallInteger:
                const int longest = 20;
                var digits = output.GetSpan(longest);
                _ = value.AsInt64.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
                output.Advance(written);
                break;
            default:
                using (var text = new JinjaText(run))
                {
                    AppendStr(text, value);
                    text.WriteTo(output);
                }

                break;
        }
    }

    /// <summary><c>str(value)</c>; without a run, a short one for a message.</summary>
    public static string Str(in JinjaValue value, JinjaRun? run)
    {
        if (value.Kind == JinjaKind.String)
        {
            return value.AsString;
        }

        using var text = new JinjaText(run);
        AppendStr(text, value);
        return text.ToString();
    }

    /// <summary><c>repr(value)</c>; without a run, a short one for a message.</summary>
    public static string Repr(in JinjaValue value, JinjaRun? run = null)
    {
        using var text = new JinjaText(run);
        AppendRepr(text, value);
        return text.ToString();
    }

    /// <summary><c>repr(text)</c> of a short text.</summary>
    public static string Repr(string text) => Repr(JinjaValue.From(text));

    /// <summary>Appends <c>str(value)</c>.</summary>
    public static void AppendStr(JinjaText text, in JinjaValue value)
    {
        switch (value.Kind)
        {
            case JinjaKind.String:
                text.Append(value.AsString);
                break;
            case JinjaKind.Undefined:
                break;
            case JinjaKind.Object:
                value.AsObject.WriteText(text);
                break;
            default:
                AppendRepr(text, value);
                break;
        }
    }

    /// <summary>Appends <c>repr(value)</c>.</summary>
    public static void AppendRepr(JinjaText text, in JinjaValue value)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                text.Append("Undefined");
                break;
            case JinjaKind.None:
                text.Append("None");
                break;
            case JinjaKind.Boolean:
                text.Append(value.IsTrue ? "True" : "False");
                break;
            case JinjaKind.Integer:
                AppendInteger(text, value);
                break;
            case JinjaKind.Float:
                PythonFloat.Append(text, value.AsDouble);
                break;
            case JinjaKind.String when value.IsMarkup:
                text.Append("Markup(");
                StringRepr.Append(text, value.AsString);
                text.Append(')');
                break;
            case JinjaKind.String:
                StringRepr.Append(text, value.AsString);
                break;
            case JinjaKind.List:
                AppendItems(text, value.AsItems, '[', ']');
                break;
            case JinjaKind.Tuple:
                AppendItems(text, value.AsItems, '(', ')');
                break;
            case JinjaKind.Dict:
                AppendDict(text, value.AsDict);
                break;
            default:
                Comparison.RequireStack();
                value.AsObject.WriteRepr(text);
                break;
        }
    }

    /// <summary>Appends a whole number's digits.</summary>
    public static void AppendInteger(JinjaText text, in JinjaValue value)
    {
        if (value.IsSmallInteger)
        {
            Span<char> digits = stackalloc char[20];
            _ = value.AsInt64.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
            text.Append(digits[..length]);
            return;
        }

        text.Append(Digits(value.AsBigInteger));
    }

    /// <summary>The digits of a large whole number.</summary>
    /// <exception cref="JinjaValueException">
    /// It has more than 4300, which Python refuses: the conversion's time grows with the square.
    /// </exception>
    public static string Digits(BigInteger number)
    {
        const double most = 4300;
        return number.GetBitLength() > 64 && BigInteger.Log10(BigInteger.Abs(number)) >= most
            ? throw JinjaValueException.ValueError(
                "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to " +
                "increase the limit")
            : number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Appends items in brackets; of a tuple of one item with the comma that makes it one.</summary>
    public static void AppendItems(JinjaText text, ReadOnlySpan<JinjaValue> items, char open, char close)
    {
        Comparison.RequireStack();
        text.Run?.Spend(items.Length);
        text.Append(open);
        for (var i = 0; i < items.Length && !text.IsFull; i++)
        {
            if (i > 0)
            {
                text.Append(", ");
            }

            AppendRepr(text, items[i]);
        }

        if (open == '(' && items.Length == 1)
        {
            text.Append(',');
        }

        text.Append(close);
    }

    /// <summary>Appends a dictionary.</summary>
    public static void AppendDict(JinjaText text, JinjaDict dict)
    {
        Comparison.RequireStack();
        text.Run?.Spend(dict.Count);
        text.Append('{');
        var isFirst = true;
        foreach (ref readonly var entry in dict.Entries)
        {
            if (!isFirst)
            {
                text.Append(", ");
            }

            isFirst = false;
            AppendRepr(text, entry.Key);
            text.Append(": ");
            AppendRepr(text, entry.Value);
            if (text.IsFull)
            {
                break;
            }
        }

        text.Append('}');
    }

    private static void WriteText(string text, IBufferWriter<byte> output)
    {
        // One span, one pass; what three bytes a unit could take too much of goes the long way, which counts first.
        const int most = 1 << 12;
        if (text.Length <= most)
        {
            var span = output.GetSpan(text.Length * 3);
            output.Advance(Encoding.UTF8.GetBytes(text, span));
            return;
        }

        Encoding.UTF8.GetBytes(text, output);
    }
}
