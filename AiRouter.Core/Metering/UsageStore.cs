using System.Text.Json;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Metering;

/// <summary><see cref="IUsageStore"/> over the store.</summary>
internal sealed class UsageStore(IStore store, TimeProvider time) : IUsageStore
{
    // Hashes read at a time: what is in memory at once, whatever the range.
    private const int ReadAhead = 16;

    private static readonly StoreScript ReadUsage = new("Metering/usage-read.lua");
    private static readonly StoreScript ReadRequests = new("Metering/requests-read.lua");

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UsageRow>> QueryAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        var sums = new UsageSums(query);
        foreach (var chunk in UsagePart.Of(query, UsageSpan.At(time.GetUtcNow())).Chunk(ReadAhead))
        {
            // In the order of time, so that a key's last name is the last.
            var answers = await Task.WhenAll(chunk.Select(p => ReadAsync(p, cancellationToken)));
            for (var i = 0; i < chunk.Length; i++)
            {
                sums.Add(chunk[i], answers[i]);
            }
        }

        return sums.Rows();
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LoggedRequest>> RequestsAsync(int skip, int count, CancellationToken cancellationToken)
    {
        var answer = await store.RunAsync(
            ReadRequests, [UsageKeys.Requests(store)], [Math.Max(1, count), skip], StoreDeadlines.Background, cancellationToken);
        return [.. ((string[])answer!).Select(e => JsonSerializer.Deserialize(e, MeteringJson.Default.LoggedRequest)!)];
    }

    /// <inheritdoc/>
    public async ValueTask<LoggedBodies?> BodiesAsync(string logId, CancellationToken cancellationToken)
    {
        // An id that is none of ours is no part of a key's name.
        if (!Guid.TryParseExact(logId, "N", out _))
        {
            return null;
        }

        var json = await store.GetAsync(UsageKeys.Bodies(store, logId), StoreDeadlines.Background, cancellationToken);
        return json.IsNull ? null : JsonSerializer.Deserialize((string)json!, MeteringJson.Default.LoggedBodies);
    }

    private async Task<string[]> ReadAsync(UsagePart part, CancellationToken cancellationToken) => (string[])(await store.RunAsync(
        ReadUsage, [UsageKeys.Of(store, part)], [], StoreDeadlines.Background, cancellationToken))!;
}
