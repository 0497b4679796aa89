using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AiRouter.ServiceDefaults;

/// <summary>One of the framework's own forms, for those who prefer it.</summary>
internal sealed class FrameworkForm(ConsoleFormatter form) : LineForm
{
    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, IBufferWriter<byte> line)
    {
        using var text = new StringWriter();
        form.Write(entry, scopes, text);
        Encoding.UTF8.GetBytes(text.ToString(), line);
    }
}
