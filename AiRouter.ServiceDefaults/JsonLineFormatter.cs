using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// Writes each record as one JSON object on one line, with the record's values as members beside <c>time</c>, <c>level</c>,
/// <c>category</c>, <c>event</c> and <c>message</c>. A record whose values say it all (the access log's) has no message. The
/// framework's own form has the values in an object of their own, all texts twice, and no time unless it is told how to write it.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider timeProvider) : LineForm
{
    /// <summary>Its name in <c>Logging__Console__FormatterName</c>: the framework's, whose place it takes.</summary>
    public const string FormatterName = "json";

    private static readonly byte[] _end = Encoding.UTF8.GetBytes(Environment.NewLine);

    // Under this name a state has the text that its message was made of.
    private const string Template = "{OriginalFormat}";

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, IBufferWriter<byte> line)
    {
        var values = entry.State as IReadOnlyCollection<KeyValuePair<string, object?>>;
        var message = IsTold(values) ? null : entry.Formatter?.Invoke(entry.State, entry.Exception);
        if (message is null && entry.Exception is null && values is null)
        {
            return;
        }

        // A value's text may be made by somebody who logs meanwhile: he finds none and makes one.
        var writer = t_writer ?? new Utf8JsonWriter(line);
        t_writer = null;
        writer.Reset(line);
        Write(writer, entry, message, values);
        writer.Flush();
        t_writer = writer;
        line.Write(_end);
    }

    private void Write<TState>(
        Utf8JsonWriter writer, in LogEntry<TState> entry, string? message, IReadOnlyCollection<KeyValuePair<string, object?>>? values)
    {
        Span<byte> time = stackalloc byte[TimeLength];
        WriteTime(timeProvider.GetUtcNow(), time);
        writer.WriteStartObject();
        writer.WriteString("time"u8, time);
        writer.WriteString("level"u8, LevelOf(entry.LogLevel));
        writer.WriteString("category"u8, entry.Category);
        writer.WriteNumber("event"u8, entry.EventId.Id);
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

        if (entry.Exception is { } exception)
        {
            writer.WriteString("exception"u8, exception.ToString());
        }

        writer.WriteEndObject();
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
