using System.Globalization;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>
/// <c>strftime_now(format)</c>: the moment of the rendering as Python's <c>datetime.now().strftime</c> writes it on
/// Linux, with English names.
/// </summary>
internal static class StrftimeFunction
{
    private static readonly DateTimeFormatInfo English = CultureInfo.InvariantCulture.DateTimeFormat;

    /// <summary>Formats the moment.</summary>
    public static JinjaValue Call(in JinjaCall call)
    {
        var format = new CallArguments(call, "strftime_now", ["format"], 1).String(0, string.Empty);
        using var text = new JinjaText(call.Run);
        Append(text, format, call.Run.Now);
        return JinjaValue.From(text.ToString());
    }

    private static void Append(JinjaText text, string format, DateTimeOffset now)
    {
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var start = i++;
            var flags = i;
            while (i < format.Length - 1 && format[i] is ('-' or '_' or '0' or '^' or '#'))
            {
                i++;
            }

            var flag = i > flags ? format[i - 1] : '\0';
            var width = 0;
            while (i < format.Length - 1 && char.IsAsciiDigit(format[i]) && width < 1000)
            {
                width = (width * 10) + format[i++] - '0';
            }

            if (!TryAppend(text, format[i], flag, width, now))
            {
                text.Append(format.AsSpan(start, i - start + 1));
            }
        }
    }

    private static bool TryAppend(JinjaText text, char directive, char flag, int width, DateTimeOffset now)
    {
        var composed = directive switch
        {
            'c' => "%a %b %e %H:%M:%S %Y",
            'D' or 'x' => "%m/%d/%y",
            'F' => "%Y-%m-%d",
            'R' => "%H:%M",
            'r' => "%I:%M:%S %p",
            'T' or 'X' => "%H:%M:%S",
            _ => null,
        };
        if (composed is not null)
        {
            Append(text, composed, now);
            return true;
        }

        if (Name(directive, now) is { } name)
        {
            name = flag switch
            {
                '^' => name.ToUpperInvariant(),
                '#' => directive == 'p' ? name.ToLowerInvariant() : name.ToUpperInvariant(),
                _ => name,
            };
            text.Append(flag == '0' ? '0' : ' ', Math.Max(0, width - name.Length));
            text.Append(name);
            return true;
        }

        if (Number(directive, now) is not var (number, digits, padding))
        {
            return false;
        }

        padding = flag switch
        {
            '_' => ' ',
            '0' => '0',
            '-' => '\0',
            _ => padding,
        };
        var written = number.ToString(CultureInfo.InvariantCulture);
        if (padding != '\0')
        {
            text.Append(padding, Math.Max(digits, width) - written.Length);
        }

        text.Append(written);
        return true;
    }

    private static string? Name(char directive, DateTimeOffset now) => directive switch
    {
        'a' => English.GetAbbreviatedDayName(now.DayOfWeek),
        'A' => English.GetDayName(now.DayOfWeek),
        'b' or 'h' => English.GetAbbreviatedMonthName(now.Month),
        'B' => English.GetMonthName(now.Month),
        'p' => now.Hour < 12 ? "AM" : "PM",
        'P' => now.Hour < 12 ? "am" : "pm",
        'f' => (now.TimeOfDay.Ticks / 10 % 1_000_000).ToString("000000", CultureInfo.InvariantCulture),
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        // Python's now() knows no time zone.
        'z' or 'Z' => string.Empty,
        _ => null,
    };

    private static (long Number, int Digits, char Padding)? Number(char directive, DateTimeOffset now) =>
        directive switch
        {
            'C' => (now.Year / 100, 2, '0'),
            'd' => (now.Day, 2, '0'),
            'e' => (now.Day, 2, ' '),
            'g' => (ISOWeek.GetYear(now.DateTime) % 100, 2, '0'),
            'G' => (ISOWeek.GetYear(now.DateTime), 1, '0'),
            'H' => (now.Hour, 2, '0'),
            'I' => (((now.Hour + 11) % 12) + 1, 2, '0'),
            'j' => (now.DayOfYear, 3, '0'),
            'k' => (now.Hour, 2, ' '),
            'l' => (((now.Hour + 11) % 12) + 1, 2, ' '),
            'm' => (now.Month, 2, '0'),
            'M' => (now.Minute, 2, '0'),
            's' => (now.ToUnixTimeSeconds(), 1, '0'),
            'S' => (now.Second, 2, '0'),
            'u' => (now.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)now.DayOfWeek, 1, '0'),
            'U' => ((now.DayOfYear + 6 - (int)now.DayOfWeek) / 7, 2, '0'),
            'V' => (ISOWeek.GetWeekOfYear(now.DateTime), 2, '0'),
            'w' => ((int)now.DayOfWeek, 1, '0'),
            'W' => ((now.DayOfYear + 6 - (((int)now.DayOfWeek + 6) % 7)) / 7, 2, '0'),
            'y' => (now.Year % 100, 2, '0'),
            'Y' => (now.Year, 1, '0'),
            _ => null,
        };
}
