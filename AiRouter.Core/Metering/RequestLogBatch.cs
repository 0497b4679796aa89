using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Metering;

/// <summary>Some entries of the request log, written by one script. Sent again, they are the same entries: nothing is doubled.</summary>
internal static class RequestLogBatch
{
    /// <summary>The most entries of a batch.</summary>
    public const int Size = 32;

    // Of the whole log after its last entry, so that nothing stays for ever once it is switched off.
    private static readonly TimeSpan LogKept = TimeSpan.FromDays(30);

    private static readonly StoreScript Script = new("Metering/requests-add.lua");

    /// <summary>Writes the entries.</summary>
    /// <exception cref="StoreUnavailableException">They may have been written: send them again.</exception>
    public static async ValueTask SendAsync(
        IStore store,
        string replica,
        RequestLogConfig config,
        IReadOnlyList<WaitingLogEntry> entries,
        CancellationToken cancellationToken)
    {
        var keys = new List<RedisKey> { UsageKeys.Requests(store) };
        var arguments = new List<RedisValue>
        {
            config.Keep, (long)LogKept.TotalMilliseconds, (long)TimeSpan.FromHours(config.BodiesKeptHours).TotalMilliseconds,
        };
        foreach (var entry in entries)
        {
            var logged = new LoggedRequest(entry.Id, replica, entry.Record, entry.Bodies is not null);
            arguments.Add(entry.Record.At.ToUnixTimeMilliseconds());
            arguments.Add(JsonSerializer.Serialize(logged, MeteringJson.Default.LoggedRequest));
            arguments.Add(entry.Bodies is { } bodies
                ? JsonSerializer.Serialize(BodyRedaction.Apply(bodies, config.MaxBodyKiB), MeteringJson.Default.LoggedBodies)
                : "");
            if (entry.Bodies is not null)
            {
                keys.Add(UsageKeys.Bodies(store, entry.Id));
            }
        }

        await store.RunAsync(Script, [.. keys], [.. arguments], StoreDeadlines.Background, cancellationToken);
    }
}
