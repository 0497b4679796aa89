using System.Globalization;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>text.format(…)</c>, with look-ups as the sandbox allows them.</summary>
internal ref struct BraceFormat
{
    // As Python's: a specification may hold fields, theirs may not.
    private const int MostDepth = 2;

    private readonly JinjaCall _call;
    private readonly JinjaValue _map;
    private readonly bool _hasMap;
    private readonly bool _isMarkup;
    private int _automatic;

    private BraceFormat(in JinjaCall call, in JinjaValue map, bool hasMap, bool isMarkup)
    {
        _call = call;
        _map = map;
        _hasMap = hasMap;
        _isMarkup = isMarkup;
    }

    /// <summary><c>self.format(arguments)</c>.</summary>
    public static JinjaValue Apply(in JinjaValue self, in JinjaCall call)
    {
        var format = new BraceFormat(call, default, false, self.IsMarkup);
        return Finish(self, call, ref format);
    }

    /// <summary><c>self.format_map(dictionary)</c>.</summary>
    public static JinjaValue ApplyMap(in JinjaValue self, in JinjaCall call)
    {
        var map = new CallArguments(call, "format_map", ["mapping"], 1).Get(0);
        var format = new BraceFormat(call, map, true, self.IsMarkup);
        return Finish(self, call, ref format);
    }

    private static JinjaValue Finish(in JinjaValue self, in JinjaCall call, ref BraceFormat format)
    {
        using var output = new JinjaText(call.Run);
        format.Write(output, self.AsString, MostDepth);
        return self.IsMarkup ? JinjaValue.Markup(output.ToString()) : JinjaValue.From(output.ToString());
    }

    private void Write(JinjaText output, string format, int depth)
    {
        if (depth == 0)
        {
            throw JinjaValueException.ValueError("Max string recursion exceeded");
        }

        var i = 0;
        while (i < format.Length)
        {
            var brace = format.AsSpan(i).IndexOfAny('{', '}');
            if (brace < 0)
            {
                output.Append(format.AsSpan(i));
                return;
            }

            output.Append(format.AsSpan(i, brace));
            i += brace;
            if (i + 1 < format.Length && format[i + 1] == format[i])
            {
                output.Append(format[i]);
                i += 2;
                continue;
            }

            if (format[i] == '}')
            {
                throw JinjaValueException.ValueError("Single '}' encountered in format string");
            }

            var end = EndOfField(format, i + 1);
            _call.Run.Spend(1);
            Field(output, format[(i + 1)..end], depth);
            i = end + 1;
        }
    }

    private static int EndOfField(string format, int start)
    {
        if (start == format.Length)
        {
            throw JinjaValueException.ValueError("Single '{' encountered in format string");
        }

        var depth = 1;
        var isIndex = false;
        var isName = true;
        for (var i = start; i < format.Length; i++)
        {
            var c = format[i];
            isIndex = isName && (c == '[' || (isIndex && c != ']'));
            isName &= c is not (':' or '!') || isIndex;
            if (isIndex)
            {
                continue;
            }

            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw JinjaValueException.ValueError(
            isName ? "expected '}' before end of string" : "unmatched '{' in format spec");
    }

    private void Field(JinjaText output, string field, int depth)
    {
        var (name, conversion, specification) = Split(field);
        var value = Find(name);
        if (specification.Contains('{') || specification.Contains('}'))
        {
            using var nested = new JinjaText(_call.Run);
            Write(nested, specification, depth - 1);
            specification = nested.ToString();
        }

        value = conversion switch
        {
            '\0' => value,
            's' => JinjaValue.From(PythonText.Str(value, _call.Run)),
            'r' => JinjaValue.From(PythonText.Repr(value, _call.Run)),
            'a' => JinjaValue.From(StringRepr.ToAscii(PythonText.Repr(value, _call.Run))),
            _ => throw JinjaValueException.ValueError($"Unknown conversion specifier {conversion}"),
        };
        if (!_isMarkup || depth < MostDepth)
        {
            ValueFormat.Append(output, value, specification);
        }
        else if (specification.Length == 0)
        {
            Html.AppendEscaped(output, value);
        }
        else
        {
            using var text = new JinjaText(_call.Run);
            ValueFormat.Append(text, value, specification);
            Html.AppendEscaped(output, JinjaValue.From(text.ToString()));
        }
    }

    private static (string Name, char Conversion, string Specification) Split(string field)
    {
        var isIndex = false;
        for (var i = 0; i < field.Length; i++)
        {
            isIndex = field[i] == '[' || (isIndex && field[i] != ']');
            if (isIndex || field[i] is not (':' or '!'))
            {
                if (field[i] == '{' && !isIndex)
                {
                    throw JinjaValueException.ValueError("unexpected '{' in field name");
                }

                continue;
            }

            if (field[i] == ':')
            {
                return (field[..i], '\0', field[(i + 1)..]);
            }

            if (i + 1 >= field.Length)
            {
                throw JinjaValueException.ValueError("end of string while looking for conversion specifier");
            }

            return field.Length == i + 2 || field[i + 2] == ':'
                ? (field[..i], field[i + 1], field.Length == i + 2 ? string.Empty : field[(i + 3)..])
                : throw JinjaValueException.ValueError("expected ':' after conversion specifier");
        }

        return (field, '\0', string.Empty);
    }

    private JinjaValue Find(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        end = end < 0 ? name.Length : end;
        var value = First(name[..end]);
        while (end < name.Length)
        {
            var start = end + 1;
            if (name[end] == '.')
            {
                var next = name.AsSpan(start).IndexOfAny('.', '[');
                end = next < 0 ? name.Length : start + next;
                if (end == start)
                {
                    throw JinjaValueException.ValueError("Empty attribute in format string");
                }

                value = Lookup.Attribute(value, JinjaName.Of(name[start..end]), _call.Run);
                continue;
            }

            var close = name.IndexOf(']', start);
            if (close < 0)
            {
                throw JinjaValueException.ValueError("Missing ']' in format string");
            }

            if (close == start)
            {
                throw JinjaValueException.ValueError("Empty attribute in format string");
            }

            end = close + 1;
            if (end < name.Length && name[end] is not ('.' or '['))
            {
                throw JinjaValueException.ValueError("Only '.' or '[' may follow ']' in format field specifier");
            }

            value = Lookup.Item(value, Key(name[start..close]), _call.Run);
        }

        return value;
    }

    private JinjaValue First(string name)
    {
        var isNumber = name.Length == 0 || !name.AsSpan().ContainsAnyExceptInRange('0', '9');
        if (isNumber && name.Length == 0)
        {
            if (_automatic < 0)
            {
                throw JinjaValueException.ValueError(
                    "cannot switch from manual field specification to automatic field numbering");
            }

            return Positional(_automatic++);
        }

        if (isNumber)
        {
            if (_automatic > 0)
            {
                throw JinjaValueException.ValueError(
                    "cannot switch from manual field specification to automatic field numbering");
            }

            _automatic = -1;
            return Positional(int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue);
        }

        if (_hasMap ? _map.Kind == JinjaKind.Dict && _map.AsDict.TryGetValue(name, out var value)
            : _call.TryGetNamed(name, out value))
        {
            return value;
        }

        throw JinjaValueException.KeyError(PythonText.Repr(name));
    }

    private readonly JinjaValue Positional(int index)
    {
        if (_hasMap)
        {
            throw JinjaValueException.IndexError("tuple index out of range");
        }

        return index < _call.Positional.Length
            ? _call.Positional[index]
            : throw JinjaValueException.IndexError(
                $"Replacement index {index} out of range for positional args tuple");
    }

    private static JinjaValue Key(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? JinjaValue.From(number)
            : JinjaValue.From(text);
}
