using System.Diagnostics;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Runner;

/// <summary>One running process of ours, its output prefixed with its name.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan _stopDeadline = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Task _output;

    private ChildProcess(string name, Process process, TextWriter output)
    {
        _process = process;
        var column = name.PadRight(6);
        _output = Task.WhenAll(
            CopyAsync(process.StandardOutput, column, output), CopyAsync(process.StandardError, column, output));
        Ended = WatchAsync(name);
    }

    /// <summary>Completes when the process ends, with a sentence about how.</summary>
    public Task<string> Ended { get; }

    /// <summary>The operating system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the process under the guard.</summary>
    public static ChildProcess Start(
        ResourceProcess resource, ProcessStartInfo start, TextWriter output, OrphanGuard guard)
    {
        foreach (var (name, value) in resource.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        guard.Watch(process.Id);
        process.StandardInput.Close();
        return new ChildProcess(resource.Name, process, output);
    }

    /// <summary>Asks the process to stop, and kills it when it does not within 15 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signals.Terminate(_process);
            try
            {
                await _process.WaitForExitAsync().WaitAsync(_stopDeadline);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
    }

    private async Task<string> WatchAsync(string name)
    {
        await _process.WaitForExitAsync();
        return $"{name} ended by itself with exit code {_process.ExitCode}; its last lines are above";
    }

    private static async Task CopyAsync(StreamReader from, string column, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await to.WriteLineAsync($"{column} | {line}");
        }
    }
}
