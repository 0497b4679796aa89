using System.Globalization;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>text % arguments</c>.</summary>
internal ref struct PercentFormat
{
    private const int MostDigits = 9;

    private readonly JinjaValue _arguments;
    private readonly bool _isMarkup;
    private readonly JinjaText _output;
    private readonly JinjaRun _run;
    private readonly string _format;
    private int _position;
    private int _next;
    private bool _isByName;

    private PercentFormat(in JinjaValue format, in JinjaValue arguments, JinjaText output, JinjaRun run)
    {
        _arguments = arguments;
        _isMarkup = format.IsMarkup;
        _format = format.AsString;
        _output = output;
        _run = run;
    }

    /// <summary>Formats; a tuple is several arguments, a dictionary is for names.</summary>
    /// <exception cref="JinjaValueException">The arguments do not fit the format.</exception>
    public static JinjaValue Apply(in JinjaValue format, in JinjaValue arguments, JinjaRun run)
    {
        using var output = new JinjaText(run);
        var formatting = new PercentFormat(format, arguments, output, run);
        formatting.Write();
        return format.IsMarkup ? JinjaValue.Markup(output.ToString()) : JinjaValue.From(output.ToString());
    }

    // What Python takes for a mapping may have items left over.
    private readonly bool IsMapping => _arguments.Kind switch
    {
        JinjaKind.Dict or JinjaKind.List or JinjaKind.Undefined => true,
        JinjaKind.Object => _arguments.AsObject.IsSubscriptable,
        _ => false,
    };

    private void Write()
    {
        while (_position < _format.Length)
        {
            var percent = _format.IndexOf('%', _position);
            if (percent < 0)
            {
                _output.Append(_format.AsSpan(_position));
                break;
            }

            _output.Append(_format.AsSpan(_position, percent - _position));
            _position = percent + 1;
            _run.Spend(1);
            Directive();
        }

        var count = _arguments.Kind == JinjaKind.Tuple ? _arguments.AsItems.Length : 1;
        if (_next < count && !_isByName && !IsMapping)
        {
            throw JinjaValueException.TypeError("not all arguments converted during string formatting");
        }
    }

    private void Directive()
    {
        var named = Name(out var value);
        var (isLeft, sign, isZero, isAlternate) = Flags();
        var width = Number();
        if (width < 0)
        {
            isLeft = true;
            width = -width;
        }

        int? precision = null;
        if (Peek() == '.')
        {
            _position++;
            precision = Math.Max(0, Number() ?? 0);
        }

        while (Peek() is 'h' or 'l' or 'L')
        {
            _position++;
        }

        if (_position >= _format.Length)
        {
            throw JinjaValueException.ValueError("incomplete format");
        }

        var type = _format[_position++];
        if (type == '%')
        {
            _output.Append('%');
            return;
        }

        value = named ? value : Next();
        var text = Text(value, type, precision, isAlternate, ref sign, ref isZero);
        var length = sign.Length + CodePoints.Count(text);
        var missing = Math.Max(0, (width ?? 0) - length);
        _run.Reserve(missing);
        if (!isLeft && !isZero)
        {
            _output.Append(' ', missing);
        }

        _output.Append(sign);
        if (!isLeft && isZero)
        {
            _output.Append('0', missing);
        }

        _output.Append(text);
        if (isLeft)
        {
            _output.Append(' ', missing);
        }
    }

    private bool Name(out JinjaValue value)
    {
        value = default;
        if (Peek() != '(')
        {
            return false;
        }

        if (!IsMapping)
        {
            throw JinjaValueException.TypeError("format requires a mapping");
        }

        var start = ++_position;
        for (var depth = 1; depth > 0; _position++)
        {
            if (_position >= _format.Length)
            {
                throw JinjaValueException.ValueError("incomplete format key");
            }

            depth += _format[_position] == '(' ? 1 : _format[_position] == ')' ? -1 : 0;
        }

        var name = _format[start..(_position - 1)];
        _isByName = true;
        switch (_arguments.Kind)
        {
            case JinjaKind.Undefined:
                throw _arguments.UndefinedError();
            case JinjaKind.Dict when _arguments.AsDict.TryGetValue(name, out value):
            case JinjaKind.Object when _arguments.AsObject.TryGetItem(JinjaValue.From(name), _run, out value):
                return true;
            case JinjaKind.List:
                throw JinjaValueException.TypeError("list indices must be integers or slices, not str");
            default:
                throw JinjaValueException.KeyError(PythonText.Repr(name));
        }
    }

    private (bool IsLeft, string Sign, bool IsZero, bool IsAlternate) Flags()
    {
        var (isLeft, sign, isZero, isAlternate) = (false, string.Empty, false, false);
        while (true)
        {
            switch (Peek())
            {
                case '-':
                    isLeft = true;
                    break;
                case '+':
                    sign = "+";
                    break;
                case ' ':
                    sign = sign == "+" ? sign : " ";
                    break;
                case '0':
                    isZero = true;
                    break;
                case '#':
                    isAlternate = true;
                    break;
                default:
                    return (isLeft, sign, isZero, isAlternate);
            }

            _position++;
        }
    }

    private int? Number()
    {
        if (Peek() == '*')
        {
            _position++;
            var value = Next();
            return value.Kind == JinjaKind.Integer && value.TryGetInt64(out var given) && Math.Abs(given) < int.MaxValue
                ? (int)given
                : throw JinjaValueException.TypeError("* wants int");
        }

        var start = _position;
        while (char.IsAsciiDigit(Peek()))
        {
            _position++;
        }

        if (_position - start > MostDigits)
        {
            throw JinjaValueException.ValueError("width too big");
        }

        return _position == start
            ? null
            : int.Parse(_format.AsSpan(start, _position - start), CultureInfo.InvariantCulture);
    }

    private JinjaValue Next()
    {
        if (_arguments.Kind == JinjaKind.Tuple)
        {
            return _next < _arguments.AsItems.Length ? _arguments.AsItems[_next++] : throw TooFew();
        }

        return _next++ == 0 && !_isByName ? _arguments : throw TooFew();
    }

    private readonly string Text(
        in JinjaValue value, char type, int? precision, bool isAlternate, ref string sign, ref bool isZero)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                sign = string.Empty;
                isZero = false;
                var text = type switch
                {
                    's' when _isMarkup => Html.Escape(value, _run),
                    's' => PythonText.Str(value, _run),
                    'r' => PythonText.Repr(value, _run),
                    _ => StringRepr.ToAscii(PythonText.Repr(value, _run)),
                };
                return precision is { } most ? text[..CodePoints.ToUnit(text, most)] : text;
            case 'c':
                sign = string.Empty;
                isZero = false;
                return PercentNumber.Character(value);
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                return PercentNumber.Integer(value, type, precision, isAlternate, ref sign, _run);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return PercentNumber.Float(value, type, precision, isAlternate, ref sign);
            default:
                throw JinjaValueException.ValueError(
                    $"unsupported format character '{type}' (0x{(int)type:x}) at index {_position - 1}");
        }
    }

    private readonly char Peek() => _position < _format.Length ? _format[_position] : '\0';

    private static JinjaValueException TooFew() =>
        JinjaValueException.TypeError("not enough arguments for format string");
}
