using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.ServiceDefaults;

/// <summary>The logger of one category: puts each record into its form, and the line into the sink.</summary>
internal sealed class LineLogger(string category, LineLoggerProvider provider) : ILogger
{
    private const int Usual = 1024;
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_line;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Whoever logs while a value writes itself finds none and makes one.
        var line = t_line ?? new ArrayBufferWriter<byte>(Usual);
        t_line = null;
        provider.Form.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), provider.Scopes, line);
        if (line.WrittenCount > 0)
        {
            provider.SinkOf(logLevel).Add(line.WrittenSpan, isUrgent: logLevel >= LogLevel.Error);
        }

        if (line.Capacity <= MostKept)
        {
            line.ResetWrittenCount();
            t_line = line;
        }
    }
}
