using System.Diagnostics;
using AiRouter.AppHost.Health;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Runner;

/// <summary>Starts the processes in order, each when the one before is healthy, and watches them. It restarts nothing: a process that
/// ends by itself is a failure, and the user hears which one and how.</summary>
internal sealed class ProcessRunner(TextWriter output, Func<ResourceProcess, ProcessStartInfo> start, TimeProvider time)
    : IAsyncDisposable
{
    private static readonly TimeSpan _startDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _signalDelay = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly OrphanGuard _guard = OrphanGuard.Start();
    private readonly List<ChildProcess> _children = [];

    // Every child writes whole lines to it at the same time.
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    /// <summary>Runs until cancelled (null) or until something fails (one sentence about it). Everything is stopped on return.</summary>
    public async Task<string?> RunAsync(RouterTopology topology, Action announce, CancellationToken cancellationToken)
    {
        try
        {
            if (topology.Backings.Triton == TritonBacking.External
                && !await HealthProbe.IsTritonReadyAsync(_client, topology.Triton, cancellationToken))
            {
                // Not a failure: the router must cope with that, and tells it in its own log.
                await _output.WriteLineAsync($"The Triton at {topology.Triton} is not ready yet.");
            }

            foreach (var process in topology.Processes)
            {
                if (await StartAsync(process, cancellationToken) is { } failure)
                {
                    return failure;
                }
            }

            announce();
            var ended = await Task.WhenAny(_children.Select(static child => child.Ended)).WaitAsync(cancellationToken);
            return await FailureAsync(ended, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await StopAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _guard.Dispose();
        _client.Dispose();
    }

    private async Task<string?> StartAsync(ResourceProcess process, CancellationToken cancellationToken)
    {
        var child = ChildProcess.Start(process, start(process), _output, _guard);
        _children.Add(child);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_startDeadline);
        try
        {
            while (!await IsHealthyAsync(process, deadline.Token))
            {
                if (child.Ended.IsCompleted)
                {
                    return await FailureAsync(child.Ended, cancellationToken);
                }

                await Task.Delay(_pollInterval, time, deadline.Token);
            }

            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{process.Name} is not healthy {_startDeadline.TotalSeconds} s after its start";
        }
    }

    // A terminal sends Ctrl-C to the children too, and one may obey before the runner hears of it: that is no failure.
    private async Task<string> FailureAsync(Task<string> ended, CancellationToken cancellationToken)
    {
        await Task.Delay(_signalDelay, time, cancellationToken);
        return await ended;
    }

    private Task<bool> IsHealthyAsync(ResourceProcess process, CancellationToken cancellationToken) =>
        process.EndpointName switch
        {
            Wiring.Endpoints.Grpc => HealthProbe.IsTritonReadyAsync(_client, process.Reachable, cancellationToken),
            Wiring.Endpoints.Tcp => HealthProbe.IsStoreReadyAsync(process.Reachable, cancellationToken),
            _ => HealthProbe.IsOkAsync(_client, process.Reachable, Wiring.Paths.Ready, cancellationToken),
        };

    // The last started first, so that the router finishes its streams while Triton is still there.
    private async Task StopAsync()
    {
        for (var i = _children.Count - 1; i >= 0; i--)
        {
            await _children[i].DisposeAsync();
        }

        _children.Clear();
    }
}
