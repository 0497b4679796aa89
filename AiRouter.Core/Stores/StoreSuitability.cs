using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary>
/// Asks once whether the store keeps what it is told: budgets and keys must not be evicted, nor be gone after a restart (R34). Where it
/// may not be asked, as with many hosted ones, nothing is said.
/// </summary>
internal sealed partial class StoreSuitability(ILogger logger)
{
    /// <summary>Asks, and warns. Never throws for what the store answers.</summary>
    public async Task CheckAsync(IDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            var memory = await InfoAsync(database, "memory", cancellationToken);
            if (memory.TryGetValue("maxmemory", out var limit) && limit != "0"
                && memory.TryGetValue("maxmemory_policy", out var policy) && policy != "noeviction")
            {
                LogEvicts(policy);
            }

            var persistence = await InfoAsync(database, "persistence", cancellationToken);
            if (persistence.GetValueOrDefault("aof_enabled") == "0")
            {
                await CheckSnapshotsAsync(database, cancellationToken);
            }
        }
        catch (Exception refused) when (refused is RedisException or TimeoutException or ObjectDisposedException
            or OperationCanceledException)
        {
            LogUnknown(refused.GetType().Name);
        }
    }

    private async Task CheckSnapshotsAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(database, ["CONFIG", "GET", "save"], cancellationToken);
        var pairs = answer.ToDictionary();
        if (pairs.TryGetValue("save", out var save) && ((string?)save) is { } rule)
        {
            if (rule.Length == 0)
            {
                LogForgets();
            }
            else
            {
                LogForgetsSome();
            }
        }
    }

    private static async Task<Dictionary<string, string>> InfoAsync(
        IDatabase database, string section, CancellationToken cancellationToken)
    {
        var lines = ((string?)await AskAsync(database, ["INFO", section], cancellationToken) ?? string.Empty).Split('\n');
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                values[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return values;
    }

    private static Task<RedisResult> AskAsync(IDatabase database, string[] command, CancellationToken cancellationToken) =>
        database.ExecuteAsync(command[0], command[1..]).WaitAsync(StoreDeadlines.Background, cancellationToken);

    [LoggerMessage(1205, LogLevel.Warning,
        "The store may drop budgets and keys when its memory is full: maxmemory-policy is {Policy}, and should be noeviction")]
    private partial void LogEvicts(string policy);

    [LoggerMessage(1206, LogLevel.Warning,
        "The store keeps nothing on disk: a restart of it resets budgets and loses keys; appendonly should be yes")]
    private partial void LogForgets();

    [LoggerMessage(1207, LogLevel.Warning,
        "The store saves snapshots only: a crash of it loses what was counted since the last one; appendonly should be yes")]
    private partial void LogForgetsSome();

    [LoggerMessage(1208, LogLevel.Debug, "The store does not tell how it keeps its data ({Reason})")]
    private partial void LogUnknown(string reason);
}
