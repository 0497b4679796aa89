using System.Runtime.InteropServices;

namespace AiRouter.Api.Draining;

/// <summary>
/// The signals that stop the process. The host begins the stop at the first; this notes who asks, and ends the process
/// at once at a second one.
/// </summary>
internal sealed class StopSignals(TimeProvider time) : IHostedService, IDisposable
{
    // Shells, terminals and supervisors pass on what the process has got already.
    private static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(500);

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _lock = new();
    private long? _first;

    /// <summary>
    /// Whether something asked that other processes go by (SIGTERM), not somebody at a keyboard (SIGINT).
    /// </summary>
    public bool IsTermination { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Take));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(static r => r.Dispose());

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            IsTermination |= context.Signal == PosixSignal.SIGTERM;
            if (_first is { } first && time.GetElapsedTime(first) > SameSignal)
            {
                // As shells count the deaths by a signal.
                Environment.Exit(128 + (context.Signal == PosixSignal.SIGTERM ? 15 : 2));
            }

            _first ??= time.GetTimestamp();
        }
    }
}
