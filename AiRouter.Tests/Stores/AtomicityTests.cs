using AiRouter.Tests.Fixtures;
using StackExchange.Redis;

namespace AiRouter.Tests.Stores;

/// <summary>What all limits and budgets rest on: nothing happens between the commands of one script.</summary>
public sealed class AtomicityTests(StoreServers servers)
{
    private const int Connections = 4;
    private const int ScriptsEach = 1500;

    // Read, then write: two that interleave lose a step.
    private const string Move = """
        local from = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
        local to = tonumber(redis.call('GET', KEYS[2]) or '0')
        redis.call('HSET', KEYS[1], 'v', string.format('%.0f', from - 1))
        redis.call('SET', KEYS[2], string.format('%.0f', to + 1))
        """;

    [Theory, EveryStore]
    public async Task Scripts_of_many_connections_do_not_interleave(StoreKind kind)
    {
        var connectionString = await servers.ConnectionStringAsync(kind);
        var prefix = $"{{{Guid.NewGuid():N}}}";
        RedisKey[] keys = [prefix + "from", prefix + "to"];
        var connections = await Task.WhenAll(Enumerable.Range(0, Connections)
            .Select(_ => ConnectionMultiplexer.ConnectAsync(connectionString + ",asyncTimeout=30000")));

        await Task.WhenAll(connections.SelectMany(connection => Enumerable.Range(0, ScriptsEach)
            .Select(_ => connection.GetDatabase().ScriptEvaluateAsync(Move, keys))));

        var database = connections[0].GetDatabase();
        Assert.Equal(-Connections * ScriptsEach, (long)await database.HashGetAsync(keys[0], "v"));
        Assert.Equal(Connections * ScriptsEach, (long)await database.StringGetAsync(keys[1]));
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
    }
}
