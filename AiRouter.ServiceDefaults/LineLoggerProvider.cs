using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// The console as a place for logs, in the framework's stead: with its settings (<c>Logging__Console__…</c>) and its forms, but with
/// <see cref="LineSink"/> in the place of its queue, which wakes a thread and writes for each line.
/// </summary>
[ProviderAlias("Console")]
internal sealed class LineLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly LogLevel _toStandardError;
    private readonly LineSink _output;
    private readonly Lazy<LineSink> _error;

    /// <summary>Begins to write to the process's console.</summary>
    /// <param name="options">Which form, and what goes to standard error.</param>
    /// <param name="forms">The framework's forms.</param>
    /// <param name="timeProvider">The time of records.</param>
    public LineLoggerProvider(IOptions<ConsoleLoggerOptions> options, IEnumerable<ConsoleFormatter> forms, TimeProvider timeProvider)
    {
        Form = FormOf(options.Value.FormatterName, forms, timeProvider);
        _toStandardError = options.Value.LogToStandardErrorThreshold;
        _output = new LineSink(Utf8(Console.OpenStandardOutput()), Dropped);
        _error = new Lazy<LineSink>(() => new LineSink(Utf8(Console.OpenStandardError()), Dropped));
    }

    /// <summary>What records look like.</summary>
    public LineForm Form { get; }

    /// <summary>The scopes that records are logged in; forms of our own have none.</summary>
    public IExternalScopeProvider? Scopes { get; private set; }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, this);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Where records of this level go.</summary>
    public LineSink SinkOf(LogLevel level) => level >= _toStandardError ? _error.Value : _output;

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        if (_error.IsValueCreated)
        {
            _error.Value.Dispose();
        }
    }

    // In whatever case, as the framework takes names; an unknown one is our own form's.
    private static LineForm FormOf(string? name, IEnumerable<ConsoleFormatter> forms, TimeProvider timeProvider)
    {
        if (string.Equals(name, JsonLineFormatter.FormatterName, StringComparison.OrdinalIgnoreCase))
        {
            return new JsonLineFormatter(timeProvider);
        }

        return forms.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)) is { } form
            ? new FrameworkForm(form)
            : new LineFormatter(timeProvider);
    }

    // A console may have another encoding; where it is a file or a pipe it is UTF-8.
    private static Stream Utf8(Stream console) => Console.OutputEncoding is { CodePage: not 65001 } other
        ? Encoding.CreateTranscodingStream(console, other, Encoding.UTF8)
        : console;

    private ReadOnlyMemory<byte> Dropped(long count)
    {
        var line = new ArrayBufferWriter<byte>();
        KeyValuePair<string, object?>[] values = [new("Count", count), new("{OriginalFormat}", "{Count} lines of the log are missing here")];
        Form.Write(
            new LogEntry<KeyValuePair<string, object?>[]>(
                LogLevel.Warning, typeof(LineSink).FullName!, new EventId(4101, nameof(Dropped)), values, null,
                static (values, _) => $"{values[0].Value} lines of the log are missing here: the console did not take them"),
            Scopes, line);
        return line.WrittenMemory;
    }
}
