using System.Security.Cryptography;
using AiRouter.Tests.Fixtures;
using StackExchange.Redis;

namespace AiRouter.Tests.EmbeddedRedis;

/// <summary>What the embedded store keeps (R34).</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Killed_store_has_everything_that_is_older_than_a_second()
    {
        await using var server = await GarnetServer.StartAsync();
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString))
        {
            await WriteAsync(connection.GetDatabase(), "old", "7");

            // The promise is about time, so time has to pass.
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            await WriteAsync(connection.GetDatabase(), "new", "8");
            await server.KillAsync();
        }

        await server.StartAgainAsync();
        await using var after = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var database = after.GetDatabase();

        Assert.Equal("7", await database.StringGetAsync("{old}text"));
        Assert.Equal("7", await database.HashGetAsync("{old}hash", "field"));
        Assert.Equal(7, await database.SortedSetScoreAsync("{old}set", "member"));
        Assert.Equal("7", await database.ListGetByIndexAsync("{old}list", 0));
        Assert.InRange((await database.KeyTimeToLiveAsync("{old}text"))!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task Stopped_store_has_everything_and_ends_with_code_0()
    {
        await using var server = await GarnetServer.StartAsync();
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString))
        {
            await WriteAsync(connection.GetDatabase(), "last", "9");
            Assert.Equal(0, await server.StopAsync());
        }

        await server.StartAgainAsync();

        Assert.Equal("9", (string?)await server.ExecuteAsync("GET", "{last}text"));
    }

    [Fact]
    public async Task Files_do_not_grow_with_every_change_and_are_whole_after_a_crash()
    {
        await using var server = await GarnetServer.StartAsync();
        var value = RandomNumberGenerator.GetBytes(1 << 20);
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString))
        {
            var database = connection.GetDatabase();
            for (var i = 0; i < 100; i++)
            {
                await database.HashSetAsync("hash", $"field-{i % 4}", value);
            }

            // 100 MiB were written; what is left is the last append-only file and a checkpoint of 4 MiB.
            await Eventually.HoldsAsync(() => SizeOf(server.Folder) < 60 << 20);
            await server.KillAsync();
        }

        await server.StartAgainAsync();
        await using var after = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(value, (byte[]?)await after.GetDatabase().HashGetAsync("hash", $"field-{i}"));
        }
    }

    [Fact]
    public async Task Store_that_can_no_longer_write_ends_instead_of_going_on()
    {
        await using var server = await GarnetServer.StartAsync();
        var value = RandomNumberGenerator.GetBytes(1 << 20);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        Directory.Delete(Path.Combine(server.Folder, "store", "AOF"), recursive: true);

        // The piece of the file that is open goes on being written to, the next cannot be made.
        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            while (true)
            {
                await connection.GetDatabase().StringSetAsync("key", value);
            }
        });

        Assert.Equal(1, await server.EndedAsync());
    }

    private static async Task WriteAsync(IDatabase database, string name, string value) => await database.ScriptEvaluateAsync(
        """
        redis.call('SET', KEYS[1], ARGV[1], 'PX', 100000)
        redis.call('HSET', KEYS[2], 'field', ARGV[1])
        redis.call('ZADD', KEYS[3], ARGV[1], 'member')
        redis.call('LPUSH', KEYS[4], ARGV[1])
        """,
        [$"{{{name}}}text", $"{{{name}}}hash", $"{{{name}}}set", $"{{{name}}}list"],
        [value]);

    // A file may go between being listed and being looked at.
    private static long SizeOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(static path => new FileInfo(path)).Where(static file => file.Exists).Sum(static file => file.Length);
}
