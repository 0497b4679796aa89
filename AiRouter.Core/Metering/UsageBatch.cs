using System.Globalization;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Metering;

/// <summary>
/// Some slots of one hour, to be added to the store by one script. Its number stays the same however often it is sent, so that the
/// store adds it once.
/// </summary>
/// <param name="Number">Grows by one with each batch of this run of the replica.</param>
/// <param name="Hour">The hour.</param>
/// <param name="Slots">What is added.</param>
internal sealed record UsageBatch(long Number, long Hour, IReadOnlyList<KeyValuePair<UsageSlot, UsageBuffer.Entry>> Slots)
{
    /// <summary>The most slots of a batch: meanwhile the store does nothing else, so there are more batches rather than larger ones.</summary>
    public const int Size = 16;

    /// <summary>The most fields of an hour's or a day's hash: slots and key names.</summary>
    public const int MostFields = 10_000;

    // Longer than any store is away and then comes back with what it had.
    private static readonly TimeSpan NumberKept = TimeSpan.FromDays(30);

    private static readonly StoreScript Script = new("Metering/usage-add.lua");

    /// <summary>Cuts what was taken from a buffer into batches.</summary>
    /// <param name="slots">What was taken.</param>
    /// <param name="last">The number of the last batch so far.</param>
    public static IEnumerable<UsageBatch> Cut(IReadOnlyDictionary<UsageSlot, UsageBuffer.Entry> slots, long last) =>
        slots.GroupBy(s => s.Key.Hour).OrderBy(h => h.Key)
            .SelectMany(hour => hour.Chunk(Size).Select(chunk => new UsageBatch(++last, hour.Key, chunk)));

    /// <summary>Adds it to the store.</summary>
    /// <returns>How many slots had no place of their own, because the hour or the day has too many.</returns>
    /// <exception cref="StoreUnavailableException">It may have been added: send it again.</exception>
    public async ValueTask<long> SendAsync(
        IStore store, string replica, MeteringConfig config, int mostFields, CancellationToken cancellationToken)
    {
        var day = UsageTime.DayOf(Hour);
        RedisKey[] keys = [UsageKeys.Hour(store, Hour), UsageKeys.Day(store, day), UsageKeys.LastBatch(store, replica)];
        var arguments = new List<RedisValue>(5 + (4 * Slots.Count))
        {
            Number,
            (long)NumberKept.TotalMilliseconds,
            UsageTime.HourExpires(Hour, config.HoursKeptDays),
            UsageTime.DayExpires(day, Math.Max(config.DaysKeptDays, config.HoursKeptDays)),
            mostFields,
        };
        foreach (var (slot, entry) in Slots)
        {
            arguments.Add(slot.ToField());
            arguments.Add(entry.Counters.ToText());
            arguments.Add(slot.KeyId is null ? "" : UsageSlot.NameFieldOf(slot.KeyId));
            arguments.Add(entry.KeyName ?? slot.KeyId ?? "");
        }

        var answer = (RedisResult[])(await store.RunAsync(
            Script, keys, [.. arguments], StoreDeadlines.Background, cancellationToken))!;
        return (long)answer[1];
    }

    /// <summary>For logs.</summary>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
