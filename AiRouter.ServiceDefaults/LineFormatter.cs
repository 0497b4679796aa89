using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// Writes each record as one line: time, level, category, message, exception. Whatever a client, a backend or a file has put into it:
/// control characters are written as escapes, so nobody can begin a second line, hide one or colour a terminal.
/// </summary>
internal sealed class LineFormatter(TimeProvider timeProvider) : LineForm
{
    /// <summary>Its name in <c>Logging__Console__FormatterName</c>.</summary>
    public const string FormatterName = "line";

    // What a record of the access log comes to, and more; a longer one is written as text first.
    private const int Direct = 1024;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, IBufferWriter<byte> line)
    {
        var own = entry.State as ILineText;
        var message = own is null ? entry.Formatter?.Invoke(entry.State, entry.Exception) : null;
        if (own is null && message is null && entry.Exception is null)
        {
            return;
        }

        WriteHead(entry.LogLevel, line);
        Append(line, entry.Category);
        WriteEvent(entry.EventId.Id, line);
        if (own is null || !TryAppend(line, own))
        {
            Append(line, message ?? entry.Formatter?.Invoke(entry.State, entry.Exception));
        }

        if (entry.Exception is { } exception)
        {
            // A stack trace is many lines: blanks are easier to read there than escapes.
            line.Write(" "u8);
            Append(line, exception.ToString().ReplaceLineEndings(" "));
        }

        Append(line, Environment.NewLine.AsSpan());
    }

    private void WriteHead(LogLevel level, IBufferWriter<byte> line)
    {
        WriteTime(timeProvider.GetUtcNow(), line.GetSpan(TimeLength));
        line.Advance(TimeLength);
        line.Write(LevelOf(level));
    }

    private static void WriteEvent(int id, IBufferWriter<byte> line)
    {
        Span<byte> digits = stackalloc byte[11];
        id.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        line.Write("["u8);
        line.Write(digits[..length]);
        line.Write("] "u8);
    }

    private static bool TryAppend(IBufferWriter<byte> line, ILineText state)
    {
        var text = line.GetSpan(Direct)[..Direct];
        if (!state.TryWrite(text, out var length) ||
            text[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return false;
        }

        line.Advance(length);
        return true;
    }

    private static void Append(IBufferWriter<byte> line, string? text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var plain = PlainLength(rest);
            Append(line, rest[..plain]);
            if (plain < rest.Length)
            {
                Escape(line, rest[plain]);
                plain++;
            }

            rest = rest[plain..];
        }
    }

    private static void Append(IBufferWriter<byte> line, ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, line);

    private static void Escape(IBufferWriter<byte> line, char c) => Append(line, c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}").AsSpan(),
    });

    // Most lines are plain ASCII as a whole.
    private static int PlainLength(ReadOnlySpan<char> text)
    {
        var ascii = text.IndexOfAnyExceptInRange(' ', '~');
        if (ascii < 0)
        {
            return text.Length;
        }

        var length = ascii;
        while (length < text.Length && IsHarmless(text[length]))
        {
            length++;
        }

        return length;
    }

    // Beside control characters: line and paragraph separators, and marks that turn the direction of what stands behind them.
    private static bool IsHarmless(char c) => !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not
        (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);

    private static ReadOnlySpan<byte> LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => " trce: "u8,
        LogLevel.Debug => " dbug: "u8,
        LogLevel.Information => " info: "u8,
        LogLevel.Warning => " warn: "u8,
        LogLevel.Error => " fail: "u8,
        _ => " crit: "u8,
    };
}
