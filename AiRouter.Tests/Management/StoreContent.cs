using System.Text;
using StackExchange.Redis;

namespace AiRouter.Tests.Management;

/// <summary>Everything that an installation keeps in its store, to be looked through.</summary>
internal static class StoreContent
{
    /// <summary>All keys of a prefix and what they hold, as text.</summary>
    public static async Task<string> ReadAsync(string connectionString, string prefix)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString + ",allowAdmin=true");
        var database = connection.GetDatabase();
        var text = new StringBuilder();
        await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: $"{{{prefix}}}*"))
        {
            text.Append(key.ToString()).Append('\n');
            var values = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(static e => new[] { e.Name, e.Value }).ToArray(),
                var type => throw new InvalidOperationException($"{key} is a {type}"),
            };
            text.AppendJoin('\n', values.Select(static v => v.ToString())).Append('\n');
        }

        return text.ToString();
    }
}
