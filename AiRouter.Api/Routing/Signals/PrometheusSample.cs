using System.Globalization;
using System.Text;

namespace AiRouter.Api.Routing.Signals;

/// <summary>One line of Prometheus' text format: <c>name{label="value",…} number [time]</c>. Reading never throws, whatever the line is.</summary>
internal readonly ref struct PrometheusSample
{
    private readonly ReadOnlySpan<byte> _labels;

    private PrometheusSample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, double value)
    {
        Name = name;
        _labels = labels;
        Value = value;
    }

    /// <summary>The metric.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Its value; not always a finite one.</summary>
    public double Value { get; }

    /// <summary>Reads a line; false for comments, empty lines and whatever else is no sample.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out PrometheusSample sample)
    {
        sample = default;
        line = line.Trim(" \t\r"u8);
        var nameEnd = line.IndexOfAny("{ \t"u8);
        if (nameEnd <= 0 || line[0] == '#')
        {
            return false;
        }

        var name = line[..nameEnd];
        var rest = line[nameEnd..];
        ReadOnlySpan<byte> labels = default;
        if (rest[0] == '{')
        {
            var end = FindEnd(rest);
            if (end < 0)
            {
                return false;
            }

            labels = rest[1..end];
            rest = rest[(end + 1)..];
        }

        rest = rest.TrimStart(" \t"u8);
        var valueEnd = rest.IndexOfAny(" \t"u8);
        if (!double.TryParse(valueEnd < 0 ? rest : rest[..valueEnd], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        sample = new PrometheusSample(name, labels, value);
        return true;
    }

    /// <summary>The text of a label; null: it has none of this name.</summary>
    public string? FindLabel(ReadOnlySpan<byte> name)
    {
        var rest = _labels;
        while (rest.IndexOf((byte)'=') is var equals && equals > 0)
        {
            var isIt = rest[..equals].Trim(" \t,"u8).SequenceEqual(name);
            rest = rest[(equals + 1)..].TrimStart(" \t"u8);
            if (rest.IsEmpty || rest[0] != '"' || FindQuote(rest[1..]) is not (>= 0 and var length))
            {
                return null;
            }

            if (isIt)
            {
                return Unescape(Encoding.UTF8.GetString(rest.Slice(1, length)));
            }

            rest = rest[(length + 2)..];
        }

        return null;
    }

    /// <summary>Where the labels end: a brace within quotes is part of a text.</summary>
    private static int FindEnd(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '}')
            {
                return i;
            }

            if (text[i] == '"')
            {
                var length = FindQuote(text[(i + 1)..]);
                if (length < 0)
                {
                    return -1;
                }

                i += length + 1;
            }
        }

        return -1;
    }

    private static int FindQuote(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    return i;
                case (byte)'\\':
                    i++;
                    break;
            }
        }

        return -1;
    }

    private static string Unescape(string text) => text.Contains('\\')
        ? text.Replace("\\\\", "\u0001", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal)
            .Replace("\\n", "\n", StringComparison.Ordinal).Replace('\u0001', '\\')
        : text;
}
