using AiRouter.Api.Backends;
using AiRouter.Api.Backends.Triton;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Signals;

/// <summary>Reads the load of one backend again and again, from its creation until it is disposed.</summary>
internal sealed partial class LoadSignalPolling : IAsyncDisposable
{
    private readonly BackendModel _backend;
    private readonly RouterStates _states;
    private readonly LoadSignalReader _reader;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private bool _fails;

    /// <summary>Begins.</summary>
    public LoadSignalPolling(
        BackendModel backend, RouterStates states, LoadSignalReader reader, TimeProvider time, Random random, ILogger logger)
    {
        _backend = backend;
        _states = states;
        _reader = reader;
        _time = time;
        _random = random;
        _logger = logger;
        _running = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _reader.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var interval = _backend.Config.LoadSignal!.Interval;

        // A signal outlives a read that fails, or takes as long as it may; then the router goes by its own requests again.
        var validFor = TimeSpan.FromSeconds((3 * interval) + 1);
        try
        {
            while (true)
            {
                try
                {
                    var (metrics, problem) = await _reader.ReadAsync(_stop.Token);
                    Note(problem);
                    if (metrics is not null)
                    {
                        await ReportAsync(metrics, validFor);
                    }
                }
                catch (Exception failure) when (!_stop.IsCancellationRequested)
                {
                    // A bug: told, and not the end of all reading, nor of the router that waits for its end.
                    LogBroke(_backend.Name, failure);
                }

                // Give or take a tenth: replicas that began together do not read together for ever.
                await Task.Delay(TimeSpan.FromSeconds(interval * (0.9 + (0.2 * _random.NextDouble()))), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ReportAsync(TritonMetrics metrics, TimeSpan validFor)
    {
        if (_states.Enter() is not { } state)
        {
            return;
        }

        try
        {
            foreach (var target in state.Routes.Values.SelectMany(r => r.Targets).Where(t => ReferenceEquals(t.Model.Backend, _backend)))
            {
                var model = target.Model.FixedName;
                var parts = model is not null && target.Backend.Backend is TritonBackend triton
                    ? await triton.FindPartsAsync(model, _stop.Token)
                    : null;
                if (metrics.Find(model, parts) is { } signal)
                {
                    target.State.Load.Report(signal, validFor);
                }
            }
        }
        finally
        {
            await state.LeaveAsync();
        }
    }

    private void Note(string? problem)
    {
        if (problem is not null && !_fails)
        {
            LogUnread(_backend.Name, problem);
        }
        else if (problem is null && _fails)
        {
            LogReadAgain(_backend.Name);
        }

        _fails = problem is not null;
    }

    [LoggerMessage(2101, LogLevel.Warning, "The load of backend {Backend} cannot be read ({Problem}): only the router's own requests count")]
    private partial void LogUnread(string backend, string problem);

    [LoggerMessage(2103, LogLevel.Error, "Reading the load of backend {Backend} failed because of a mistake in the router")]
    private partial void LogBroke(string backend, Exception failure);

    [LoggerMessage(2102, LogLevel.Information, "The load of backend {Backend} is read again")]
    private partial void LogReadAgain(string backend);
}
