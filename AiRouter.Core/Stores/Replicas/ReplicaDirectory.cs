using System.Globalization;
using System.Text.Json;
using AiRouter.Core.Configuration.Stored;
using StackExchange.Redis;

namespace AiRouter.Core.Stores.Replicas;

/// <summary>Who is there, as the store knows; what it said last goes on while it is away.</summary>
internal sealed class ReplicaDirectory(IStore store) : IReplicaDirectory
{
    /// <summary>How long a report counts.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);

    private static readonly StoreScript Report = new("Stores/Replicas/report.lua");
    private static readonly StoreScript Replicas = new("Stores/Replicas/replicas.lua");

    private readonly RedisKey[] _keys =
    [
        store.Key("replicas"), store.Key("replicas:heard"), store.Key("replicas:serving"), store.Key(ConfigurationStore.ServedKey),
    ];

    private int _liveRouters = 1;

    /// <inheritdoc/>
    public int LiveRouters => Volatile.Read(ref _liveRouters);

    /// <summary>How many different configurations the routers serve.</summary>
    public int Configurations { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReplicaReport>> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = (string[])(await store.RunAsync(
            Replicas, _keys[..2], [(long)Lasts.TotalMilliseconds], StoreDeadlines.Background, cancellationToken))!;
        return
        [
            .. answer.Chunk(2).Select(static pair => JsonSerializer.Deserialize(pair[1], ReplicaJson.Default.ReplicaReport)! with
            {
                Seen = DateTimeOffset.FromUnixTimeMilliseconds((long)double.Parse(pair[0], CultureInfo.InvariantCulture)),
            }),
        ];
    }

    /// <summary>Says that a process is there.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public ValueTask ReportAsync(ReplicaReport report, CancellationToken cancellationToken) =>
        RunAsync(report, JsonSerializer.Serialize(report, ReplicaJson.Default.ReplicaReport), cancellationToken);

    /// <summary>Says that a process is no longer there.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public ValueTask LeaveAsync(ReplicaReport report, CancellationToken cancellationToken) => RunAsync(report, "", cancellationToken);

    private async ValueTask RunAsync(ReplicaReport report, string json, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])(await store.RunAsync(
            Report,
            _keys,
            [
                report.Id, report.Role, json, report.ConfigurationHash ?? "", report.ConfigurationVersion ?? 0,
                (long)Lasts.TotalMilliseconds,
            ],
            StoreDeadlines.Background,
            cancellationToken))!;
        Volatile.Write(ref _liveRouters, Math.Max(1, (int)answer[0]));
        Configurations = (int)answer[1];
    }
}
