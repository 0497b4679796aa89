using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiRouter.AppHost.Runner;

namespace AiRouter.Benchmarks.Processes;

/// <summary>A server of the run's own, as a process that can be killed, frozen and started again on its port.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="port">The loopback port that it listens on.</param>
/// <param name="describe">How it is started; asked anew for each start.</param>
/// <param name="guard">Ends it when this process ends in whatever way.</param>
/// <param name="onLine">Gets each line of its output.</param>
internal sealed class ServerProcess(
    string name, int port, Func<ProcessStartInfo> describe, OrphanGuard guard, Action<string>? onLine = null) : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(45);

    private const int LinesKept = 30;

    private readonly Queue<string> _lastLines = new();
    private Process? _process;

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Where it listens.</summary>
    public int Port => port;

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Its id in the system.</summary>
    public int ProcessId => Running.Id;

    /// <summary>Its resident set in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            Running.Refresh();
            return Running.WorkingSet64;
        }
    }

    /// <summary>The last lines of its output.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    private Process Running => _process ?? throw new InvalidOperationException($"{name} does not run.");

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = Process.Start(describe())!;
        guard.Watch(_process.Id);
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        while (!await TakesConnectionsAsync(deadline.Token))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{name} ended at once with exit code {_process.ExitCode}:\n{LastLines}");
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Kills it as <c>kill -9</c> does, if it runs.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(StopDeadline);
        }
    }

    /// <summary>Asks it to stop (SIGTERM); the result is its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await Running.WaitForExitAsync().WaitAsync(StopDeadline);
        return Running.ExitCode;
    }

    /// <summary>Lets it hang (SIGSTOP): it takes connections and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process?.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Running.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private async Task<bool> TakesConnectionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);

            // While nobody listens there, a port that the system hands out may be given to this very connection.
            return !Equals(client.Client.LocalEndPoint, client.Client.RemoteEndPoint);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lock (_lastLines)
            {
                _lastLines.Enqueue(line);
                if (_lastLines.Count > LinesKept)
                {
                    _lastLines.Dequeue();
                }
            }

            onLine?.Invoke(line);
        }
    }
}
