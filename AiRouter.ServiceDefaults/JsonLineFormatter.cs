using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// Writes each record as one JSON object on one line, with the record's values as members beside <c>time</c>, <c>level</c>,
/// <c>category</c>, <c>event</c> and <c>message</c>. A record whose values say it all (the access log's) has no message. The
/// framework's own form has the values in an object of their own, all texts twice, and no time unless it is told how to write it.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    /// <summary>Its name in <c>Logging__Console__FormatterName</c>: the framework's, whose place it takes.</summary>
    public const string FormatterName = "json";

    // Under this name a state has the text that its message was made of.
    private const string Template = "{OriginalFormat}";

    /// <inheritdoc/>
    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var values = logEntry.State as IReadOnlyCollection<KeyValuePair<string, object?>>;
        var message = IsTold(values) ? null : logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null && values is null)
        {
            return;
        }

        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("time"u8, timeProvider.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level"u8, LevelOf(logEntry.LogLevel));
            writer.WriteString("category"u8, logEntry.Category);
            writer.WriteNumber("event"u8, logEntry.EventId.Id);
            if (message is not null)
            {
                writer.WriteString("message"u8, message);
            }

            foreach (var (name, value) in values ?? [])
            {
                if (name != Template)
                {
                    Write(writer, name, value);
                }
            }

            if (logEntry.Exception is { } exception)
            {
                writer.WriteString("exception"u8, exception.ToString());
            }

            writer.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(json.WrittenSpan));
    }

    private static bool IsTold(IReadOnlyCollection<KeyValuePair<string, object?>>? values) =>
        values is { Count: > 0 } && !values.Any(static v => v.Key == Template);

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(name);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case long number:
                writer.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(name, number);
                break;
            default:
                writer.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
