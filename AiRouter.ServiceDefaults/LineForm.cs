using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.ServiceDefaults;

/// <summary>What a record looks like on the console: <c>Logging__Console__FormatterName</c> chooses one by its name.</summary>
internal abstract class LineForm
{
    /// <summary>Writes a record, with the end of its line; nothing where there is nothing to say.</summary>
    public abstract void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, IBufferWriter<byte> line);

    /// <summary>Writes the time of a record: to the millisecond, UTC, 24 characters.</summary>
    protected static void WriteTime(DateTimeOffset time, Span<byte> text)
    {
        // The round-trip form has seven digits of a second and costs a tenth of a form that is spelled out.
        Span<byte> exact = stackalloc byte[33];
        time.UtcDateTime.TryFormat(exact, out _, "O");
        exact[..23].CopyTo(text);
        text[23] = (byte)'Z';
    }

    /// <summary>How long what <see cref="WriteTime"/> writes is.</summary>
    protected const int TimeLength = 24;
}
