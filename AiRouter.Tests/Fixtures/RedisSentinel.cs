using System.Diagnostics;

namespace AiRouter.Tests.Fixtures;

/// <summary>A Sentinel that watches one primary, quick to call it dead.</summary>
internal sealed class RedisSentinel : StoreServer
{
    private readonly string _file;

    private RedisSentinel(string service, int primaryPort)
    {
        // Sentinel keeps what it learns in its configuration.
        _file = Path.Combine(Folder, "sentinel.conf");
        File.WriteAllText(_file, $"""
            port {Port}
            bind 127.0.0.1
            requirepass {Password}
            sentinel monitor {service} 127.0.0.1 {primaryPort} 1
            sentinel auth-pass {service} {Password}
            sentinel down-after-milliseconds {service} 500
            sentinel failover-timeout {service} 3000

            """);
    }

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<RedisSentinel> StartAsync(string service, int primaryPort)
    {
        var sentinel = new RedisSentinel(service, primaryPort);
        await sentinel.StartAgainAsync();
        return sentinel;
    }

    /// <summary>Waits until it has somebody to promote.</summary>
    public Task KnowsAReplicaAsync(string service) => Eventually.HoldsAsync(async () =>
        ((string?)await RedisServer.AskAsync(Port, $"SENTINEL MASTER {service}"))!.Contains("num-slaves\r\n$1\r\n1", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override Process Launch() => RedisServer.Launch(Folder, [_file, "--sentinel"]);

    /// <inheritdoc/>
    protected override Task ReadyAsync() => RedisServer.AnswersAsync(Process, Port);
}
