using AiRouter.Benchmarks.Processes;

namespace AiRouter.Tests.AppHost;

/// <summary>What a run of a test's own is given: ports that nobody else uses, a configuration, and a folder for its state.</summary>
internal sealed class RunOptions : IDisposable
{
    // With a blank, as a user's folder may have one.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("app host ");

    /// <summary>Writes the configuration: the model <c>chat</c>, at the simulator.</summary>
    public RunOptions()
    {
        ConfigFile = Path.Combine(_folder.FullName, "airouter.yaml");
        File.WriteAllText(
            ConfigFile,
            $$"""
            backends: { triton: { kind: triton, url: "http://127.0.0.1:{{TritonPort}}" } }
            models: { chat: { targets: [{ backend: triton, model: ensemble }] } }
            defaults: { chat: chat }
            """);
    }

    /// <summary>The file with the configuration.</summary>
    public string ConfigFile { get; }

    /// <summary>Where state is kept.</summary>
    public string DataFolder => Path.Combine(_folder.FullName, "data");

    /// <summary>Where the router listens.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>Where the simulator listens.</summary>
    public int TritonPort { get; } = LoopbackPort.Free();

    /// <summary>Where the embedded store listens.</summary>
    public int RedisPort { get; } = LoopbackPort.Free();

    /// <summary>Where Admin listens.</summary>
    public int AdminPort { get; } = LoopbackPort.Free();

    /// <summary>The arguments of a run with a simulator and the embedded store.</summary>
    /// <param name="configuration"><c>--config</c>: the file rules; <c>--seed</c>: the store begins with it.</param>
    public string[] Arguments(string configuration = "--config") =>
    [
        configuration, ConfigFile, "--data", DataFolder, "--triton", "simulator", "--redis", "embedded", "--port", $"{Port}",
        "--triton-port", $"{TritonPort}", "--redis-port", $"{RedisPort}", "--admin-port", $"{AdminPort}",
    ];

    /// <summary>Whether nothing listens on its ports.</summary>
    public bool IsQuiet() =>
        LoopbackPort.IsFree(Port) && LoopbackPort.IsFree(TritonPort) && LoopbackPort.IsFree(RedisPort) && LoopbackPort.IsFree(AdminPort);

    public void Dispose() => _folder.Delete(recursive: true);
}
