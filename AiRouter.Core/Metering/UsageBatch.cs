using System.Globalization;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Metering;

/// <summary>
/// Some slots of one minute or one hour, to be added to the store by one script: a minute's to its minute, an hour's to its hour and its
/// day. Its number stays the same however often it is sent, so that the store adds it once.
/// </summary>
/// <param name="Number">Grows by one with each batch of this run of the replica.</param>
/// <param name="Part">The minute or the hour.</param>
/// <param name="Slots">What is added.</param>
internal sealed record UsageBatch(long Number, UsagePart Part, IReadOnlyList<KeyValuePair<UsageSlot, UsageBuffer.Entry>> Slots)
{
    /// <summary>The most slots of a batch: meanwhile the store does nothing else, so there are more batches rather than larger ones.</summary>
    public const int Size = 16;

    /// <summary>The most fields of an hour's or a day's hash: slots and key names.</summary>
    public const int MostFields = 10_000;

    /// <summary>The most fields of a minute's hash.</summary>
    public const int MostMinuteFields = 1_000;

    /// <summary>How long a minute is kept: long enough for a picture of the last hour or two.</summary>
    public static readonly TimeSpan MinutesKept = TimeSpan.FromHours(3);

    // Longer than any store is away and then comes back with what it had.
    private static readonly TimeSpan NumberKept = TimeSpan.FromDays(30);

    private static readonly StoreScript Script = new("Metering/usage-add.lua");

    /// <summary>Cuts what was taken from a buffer into batches.</summary>
    /// <param name="slots">What was taken.</param>
    /// <param name="step">Whether it is by the minute or by the hour.</param>
    /// <param name="last">The number of the last batch so far.</param>
    public static IEnumerable<UsageBatch> Cut(
        IReadOnlyDictionary<UsageSlot, UsageBuffer.Entry> slots, UsageStep step, long last) =>
        slots.GroupBy(s => s.Key.Minute).OrderBy(p => p.Key)
            .SelectMany(part => part.Chunk(Size).Select(chunk => new UsageBatch(++last, new UsagePart(part.Key, step), chunk)));

    /// <summary>Adds it to the store.</summary>
    /// <returns>How many slots had no place of their own, because the minute, the hour or the day has too many.</returns>
    /// <exception cref="StoreUnavailableException">It may have been added: send it again.</exception>
    public async ValueTask<long> SendAsync(
        IStore store, string replica, MeteringConfig config, int mostFields, CancellationToken cancellationToken)
    {
        var parts = Parts(config);
        RedisKey[] keys = [UsageKeys.LastBatch(store, replica), .. parts.Select(p => (RedisKey)UsageKeys.Of(store, p.Part))];
        var arguments = new List<RedisValue>(5 + (4 * Slots.Count))
        {
            Number,
            (long)NumberKept.TotalMilliseconds,
            Part.Step is UsageStep.Minute ? Math.Min(mostFields, MostMinuteFields) : mostFields,
        };
        foreach (var (part, kept) in parts)
        {
            arguments.Add(UsageTime.Expires(part.Minute, part.Step, kept));
        }

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

    private (UsagePart Part, TimeSpan Kept)[] Parts(MeteringConfig config) => Part.Step is UsageStep.Minute
        ? [(Part, MinutesKept)]
        :
        [
            (Part, TimeSpan.FromDays(config.HoursKeptDays)),
            (UsagePart.Around(Part.Minute, UsageStep.Day), TimeSpan.FromDays(Math.Max(config.DaysKeptDays, config.HoursKeptDays))),
        ];
}
