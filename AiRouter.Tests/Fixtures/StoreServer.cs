using System.Diagnostics;
using AiRouter.Benchmarks.Processes;
using StackExchange.Redis;

namespace AiRouter.Tests.Fixtures;

/// <summary>A server that speaks the store's protocol, of the test's own: on a free loopback port, with a folder of its own.</summary>
internal abstract class StoreServer : IAsyncDisposable
{
    /// <summary>What its clients must know.</summary>
    public const string Password = "test-password";

    private Process? _process;

    /// <summary>Where it listens; the same after a restart.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>For StackExchange.Redis and <c>ConnectionStrings__redis</c>.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    /// <summary>Its files; deleted at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("airouter-store-").FullName;

    /// <summary>The running process.</summary>
    protected Process Process => _process ?? throw new InvalidOperationException("It does not run.");

    /// <summary>Starts it, again after <see cref="KillAsync"/> or <see cref="StopAsync"/>, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        _process = Launch();
        try
        {
            await ReadyAsync();
        }
        catch
        {
            await KillAsync();
            throw;
        }
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>Ends it in good order (SIGTERM); the result is its exit code.</summary>
    public Task<int> StopAsync() => EndAsync("TERM");

    /// <summary>Waits until it ends by itself; the result is its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var process = Process;
        _process = null;
        return process.ExitCode;
    }

    /// <summary>Lets it hang (SIGSTOP): it takes connections and answers nothing.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Runs a command as an administrator.</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the process.</summary>
    protected abstract Process Launch();

    /// <summary>Waits until it answers.</summary>
    protected abstract Task ReadyAsync();

    private async Task<int> EndAsync(string signal)
    {
        using var process = Process;
        _process = null;
        Signal(process, signal);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return process.ExitCode;
    }

    private void Signal(string name) => Signal(Process, name);

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
