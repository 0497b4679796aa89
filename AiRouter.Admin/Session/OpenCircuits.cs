using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AiRouter.Admin.Session;

/// <summary>Counts open pages, and opens no more than <see cref="CircuitLimits.MostCircuits"/>.</summary>
internal sealed partial class OpenCircuits(ILogger<OpenCircuits> logger) : CircuitHandler
{
    private readonly ConcurrentDictionary<string, byte> _open = [];

    /// <summary>Whether no further one is opened.</summary>
    public bool AreTooMany => _open.Count >= CircuitLimits.MostCircuits;

    /// <summary>How many there are.</summary>
    public int Count => _open.Count;

    /// <inheritdoc/>
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (AreTooMany)
        {
            LogTooMany(CircuitLimits.MostCircuits);
            throw new InvalidOperationException("Too many pages are open.");
        }

        _open[circuit.Id] = 0;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _open.TryRemove(circuit.Id, out _);
        return Task.CompletedTask;
    }

    [LoggerMessage(3212, LogLevel.Warning, "{Count} pages are open: no further one is opened")]
    private partial void LogTooMany(int count);
}
