using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// Writes each record as one line: time, level, category, message, exception. Whatever a client, a backend or a file has put into it:
/// control characters are written as escapes, so nobody can begin a second line, hide one or colour a terminal.
/// </summary>
internal sealed class LineFormatter(TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    /// <summary>Its name in <c>Logging__Console__FormatterName</c>.</summary>
    public const string FormatterName = "line";

    /// <inheritdoc/>
    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null)
        {
            return;
        }

        var line = new StringBuilder(256)
            .Append(timeProvider.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
            .Append(' ').Append(LevelOf(logEntry.LogLevel)).Append(": ");
        Append(line, logEntry.Category);
        line.Append('[').Append(logEntry.EventId.Id).Append("] ");
        Append(line, message);
        if (logEntry.Exception is { } exception)
        {
            // A stack trace is many lines: blanks are easier to read there than escapes.
            line.Append(' ');
            Append(line, exception.ToString().ReplaceLineEndings(" "));
        }

        line.AppendLine();
        textWriter.Write(line);
    }

    private static void Append(StringBuilder line, string? text)
    {
        foreach (var c in text ?? "")
        {
            switch (c)
            {
                case '\n':
                    line.Append("\\n");
                    break;
                case '\r':
                    line.Append("\\r");
                    break;
                case '\t':
                    line.Append("\\t");
                    break;
                default:
                    if (IsHarmless(c))
                    {
                        line.Append(c);
                    }
                    else
                    {
                        line.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    }

                    break;
            }
        }
    }

    // Beside control characters: line and paragraph separators, and marks that turn the direction of what stands behind them.
    private static bool IsHarmless(char c) => !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not
        (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
