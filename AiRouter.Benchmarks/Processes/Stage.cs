using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AiRouter.AppHost.Processes;
using AiRouter.AppHost.Runner;

namespace AiRouter.Benchmarks.Processes;

/// <summary>What a run of whole processes stands on: a folder of its own, and processes none of which outlives it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const string StorePassword = "store-of-this-run";

    private readonly OrphanGuard _guard = OrphanGuard.Start();
    private readonly List<ServerProcess> _processes = [];

    /// <summary>A folder for files of the run; deleted at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("airouter-run-").FullName;

    /// <summary>Whether <c>redis-server</c> is installed.</summary>
    public static bool HasRedis { get; } = Runs("redis-server", "--version");

    /// <summary>Starts a simulated Triton on this port.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="options">Its options (<c>SIM__…</c>), looked at again with each start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServerProcess> StartSimulatorAsync(
        string name, int port, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken) =>
        StartAsync(name, port, () => Project("AiRouter.TritonSimulator", port, options), null, cancellationToken);

    /// <summary>Starts the store: <c>redis-server</c> where it is installed, else the embedded one.</summary>
    /// <returns>The process, and how it is reached (<c>ConnectionStrings__redis</c>).</returns>
    public async Task<(ServerProcess Process, string Connection)> StartStoreAsync(CancellationToken cancellationToken)
    {
        var port = LoopbackPort.Free();
        var process = await StartAsync("store", port, HasRedis ? () => Redis(port) : () => Embedded(port), null, cancellationToken);
        return (process, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},password={StorePassword}"));
    }

    /// <summary>Starts the router on a configuration file.</summary>
    /// <param name="configuration">The file; a change of it is followed.</param>
    /// <param name="store">The store; null: none.</param>
    /// <param name="onLine">Gets each line of its log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServerProcess> StartRouterAsync(
        string configuration, string? store, Action<string> onLine, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG"] = configuration,
            ["AIROUTER_CONFIG_MODE"] = "gitops",
            ["AIROUTER_DATA"] = Directory.CreateDirectory(Path.Combine(Folder, "router")).FullName,
        };
        if (store is not null)
        {
            environment["ConnectionStrings__redis"] = store;
        }

        var port = LoopbackPort.Free();
        return StartAsync("router", port, () => Project("AiRouter.Api", port, environment), onLine, cancellationToken);
    }

    /// <summary>Starts any server.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="describe">How it is started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServerProcess> StartAsync(
        string name, int port, Func<ProcessStartInfo> describe, CancellationToken cancellationToken) =>
        StartAsync(name, port, describe, null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _guard.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<ServerProcess> StartAsync(
        string name, int port, Func<ProcessStartInfo> describe, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var process = new ServerProcess(name, port, describe, _guard, onLine);
        _processes.Add(process);
        await process.StartAsync(cancellationToken);
        return process;
    }

    private static ProcessStartInfo Project(string project, int port, IReadOnlyDictionary<string, string> environment)
    {
        var start = BuiltProject.StartInfo(project);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AIROUTER", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.WorkingDirectory = Path.GetTempPath();
        start.Environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // It is killed in the soak, which counts every cent: with Redis's default, a kill while the disk is slow loses what was answered.
    private ProcessStartInfo Redis(int port)
    {
        var data = Directory.CreateDirectory(Path.Combine(Folder, "redis")).FullName;
        return new ProcessStartInfo(
            "redis-server",
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--requirepass", StorePassword,
                "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--dir", data,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = data,
        };
    }

    private ProcessStartInfo Embedded(int port)
    {
        var start = BuiltProject.StartInfo("AiRouter.EmbeddedRedis");
        start.WorkingDirectory = Path.GetTempPath();
        start.Environment["AIROUTER_DATA"] = Directory.CreateDirectory(Path.Combine(Folder, "embedded")).FullName;
        start.Environment["AIROUTER_REDIS_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["AIROUTER_REDIS_PASSWORD"] = StorePassword;
        return start;
    }

    private static bool Runs(string command, string argument)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
