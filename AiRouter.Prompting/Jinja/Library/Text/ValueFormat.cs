using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>format(value, specification)</c>.</summary>
internal static class ValueFormat
{
    /// <summary>Appends the value as the specification says.</summary>
    /// <exception cref="JinjaValueException">The specification is none, or not one for such a value.</exception>
    public static void Append(JinjaText output, in JinjaValue value, string specification)
    {
        if (specification.Length == 0)
        {
            PythonText.AppendStr(output, value);
            return;
        }

        switch (value.Kind)
        {
            case JinjaKind.String:
                AppendText(output, value.AsString, FormatSpec.Parse(specification, "str"));
                break;
            case JinjaKind.Integer or JinjaKind.Boolean:
                AppendInteger(output, value, FormatSpec.Parse(specification, PythonTypes.NameOf(value)));
                break;
            case JinjaKind.Float:
                AppendFloat(output, value.AsDouble, FormatSpec.Parse(specification, "float"));
                break;
            default:
                throw JinjaValueException.TypeError(
                    $"unsupported format string passed to {PythonTypes.NameOf(value)}.__format__");
        }
    }

    private static void AppendText(JinjaText output, string text, FormatSpec spec)
    {
        if (spec.Type is not ('\0' or 's'))
        {
            throw Unknown(spec, "str");
        }

        if (spec.Sign != '\0' || spec.IsAlternate || spec.Align == '=' || spec.Grouping != '\0')
        {
            throw JinjaValueException.ValueError(
                spec.Sign == ' ' ? "Space not allowed in string format specifier"
                : spec.Sign != '\0' ? "Sign not allowed in string format specifier"
                : spec.IsAlternate ? "Alternate form (#) not allowed in string format specifier"
                : spec.Align == '=' ? "'=' alignment not allowed in string format specifier"
                : $"Cannot specify '{spec.Grouping}' with 's'.");
        }

        if (spec.Precision >= 0)
        {
            text = text[..CodePoints.ToUnit(text, spec.Precision)];
        }

        Pad(output, string.Empty, text, spec, '<');
    }

    private static void AppendInteger(JinjaText output, in JinjaValue value, FormatSpec spec)
    {
        switch (spec.Type)
        {
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%':
                AppendFloat(output, Numbers.ToDouble(value), spec);
                return;
            case 'c':
                Pad(output, string.Empty, Character(value), spec, '<');
                return;
            case not ('\0' or 'd' or 'n' or 'b' or 'o' or 'x' or 'X'):
                throw Unknown(spec, PythonTypes.NameOf(value));
        }

        if (spec.Precision >= 0 || spec.DropsNegativeZero)
        {
            throw JinjaValueException.ValueError(
                spec.Precision >= 0
                    ? "Precision not allowed in integer format specifier"
                    : "Negative zero coercion (z) not allowed in integer format specifier");
        }

        var number = value.AsBigInteger;
        var prefix = spec.IsAlternate && spec.Type is ('b' or 'o' or 'x' or 'X') ? $"0{spec.Type}" : string.Empty;
        AppendNumber(output, SignOf(number.Sign < 0, spec) + prefix, NumberText.Integer(number, spec.Type), spec);
    }

    private static void AppendFloat(JinjaText output, double value, FormatSpec spec)
    {
        var isNegative = double.IsNegative(value) && !double.IsNaN(value);
        var suffix = string.Empty;
        string text;
        switch (spec.Type)
        {
            case '\0' when double.IsFinite(value):
                text = spec.Precision < 0
                    ? PythonFloat.Text(Math.Abs(value))
                    : NumberText.General(
                        Math.Abs(value), Math.Max(spec.Precision, 1), spec.IsAlternate, addsZero: true);
                break;
            case '%':
                text = NumberText.Float(value * 100, 'f', spec.Precision < 0 ? 6 : spec.Precision, spec.IsAlternate);
                suffix = "%";
                break;
            case '\0' or 'n' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                var type = spec.Type is '\0' or 'n' ? 'g' : spec.Type;
                text = NumberText.Float(value, type, spec.Precision < 0 ? 6 : spec.Precision, spec.IsAlternate);
                break;
            default:
                throw Unknown(spec, "float");
        }

        isNegative &= !spec.DropsNegativeZero || text.AsSpan().ContainsAnyInRange('1', '9');
        AppendNumber(output, SignOf(isNegative, spec), text + suffix, spec);
    }

    private static void AppendNumber(JinjaText output, string sign, string digits, FormatSpec spec)
    {
        if (spec.Grouping == '\0')
        {
            Pad(output, sign, digits, spec, spec.IsZeroFilled ? '=' : '>');
            return;
        }

        var whole = digits.AsSpan().IndexOfAnyExceptInRange('0', '9');
        whole = spec.Type is 'x' or 'X' || whole < 0 ? digits.Length : whole;
        var size = spec.Type is 'b' or 'o' or 'x' or 'X' ? 4 : 3;
        if (size == 4 && spec.Grouping == ',')
        {
            throw JinjaValueException.ValueError($"Cannot specify ',' with '{spec.Type}'.");
        }

        var room = spec.IsZeroFilled ? spec.Width - sign.Length - (digits.Length - whole) : 0;
        var grouped = Group(digits[..whole], spec.Grouping, size, room);
        Pad(output, sign, grouped + digits[whole..], spec, spec.IsZeroFilled ? '=' : '>');
    }

    // Zeros that fill the width are grouped too.
    private static string Group(string digits, char separator, int size, int room)
    {
        var result = new List<char>();
        for (var i = 0; i < digits.Length || result.Count < room; i++)
        {
            if (i > 0 && i % size == 0)
            {
                result.Add(separator);
            }

            result.Add(i < digits.Length ? digits[^(i + 1)] : '0');
        }

        result.Reverse();
        return new string([.. result]);
    }

    private static void Pad(JinjaText output, string sign, string text, FormatSpec spec, char align)
    {
        align = spec.Align == '\0' ? align : spec.Align;
        var missing = Math.Max(0, spec.Width - sign.Length - CodePoints.Count(text));
        output.Run?.Reserve(missing);
        var left = align switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        if (align == '=')
        {
            output.Append(sign);
            Fill(output, spec.Fill, left);
        }
        else
        {
            Fill(output, spec.Fill, left);
            output.Append(sign);
        }

        output.Append(text);
        Fill(output, spec.Fill, missing - left);
    }

    private static void Fill(JinjaText output, string fill, int count)
    {
        for (; count > 0; count--)
        {
            output.Append(fill);
        }
    }

    private static string Character(in JinjaValue value)
    {
        if (!value.TryGetInt64(out var code) || code is < 0 or > 0x10FFFF)
        {
            throw JinjaValueException.OverflowError("%c arg not in range(0x110000)");
        }

        return code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32((int)code);
    }

    private static string SignOf(bool isNegative, FormatSpec spec) =>
        isNegative ? "-" : spec.Sign is '+' or ' ' ? spec.Sign.ToString() : string.Empty;

    private static JinjaValueException Unknown(FormatSpec spec, string type) =>
        JinjaValueException.ValueError($"Unknown format code '{spec.Type}' for object of type '{type}'");
}
