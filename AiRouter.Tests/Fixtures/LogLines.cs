using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Fixtures;

/// <summary>A logger whose lines can be read, from Information on: <c>Warning: what was said</c>.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>What was logged so far.</summary>
    public IReadOnlyList<string> All => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
        }
    }
}
