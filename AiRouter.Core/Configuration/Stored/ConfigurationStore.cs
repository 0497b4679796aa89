using System.Globalization;
using System.Text.Json;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Configuration.Stored;

/// <summary><see cref="IConfigurationStore"/> over <see cref="IStore"/>: every call is one script.</summary>
internal sealed class ConfigurationStore(IStore store) : IConfigurationStore
{
    /// <summary>How many changes are remembered, and their documents.</summary>
    public const int HistoryLength = 100;

    /// <summary>How long a file goes on ruling after the last router that serves it was heard of.</summary>
    public static readonly TimeSpan RuleLasts = TimeSpan.FromMinutes(5);

    /// <summary>The highest version that any router served: each says so with its report, so that it outlives a flush.</summary>
    internal const string ServedKey = "config:served";

    /// <summary>How long a router whose file rules may write it, and no other, after it was last heard of.</summary>
    private static readonly TimeSpan LeadLasts = TimeSpan.FromSeconds(30);

    private static readonly StoreScript Read = new("Configuration/Stored/read.lua");
    private static readonly StoreScript Save = new("Configuration/Stored/save.lua");
    private static readonly StoreScript Earlier = new("Configuration/Stored/earlier.lua");
    private static readonly StoreScript History = new("Configuration/Stored/history.lua");
    private static readonly StoreScript Rule = new("Configuration/Stored/rule.lua");

    private readonly RedisKey _current = store.Key("config");
    private readonly RedisKey _history = store.Key("config:history");
    private readonly RedisKey _documents = store.Key("config:documents");
    private readonly RedisKey _served = store.Key(ServedKey);
    private readonly RedisKey _ruler = store.Key("config:ruler");
    private readonly RedisKey _leader = store.Key("config:leader");

    /// <inheritdoc/>
    public string ChangedChannel { get; } = store.Key("config:changed");

    /// <inheritdoc/>
    public async ValueTask<StoredConfiguration?> ReadAsync(CancellationToken cancellationToken) =>
        (await ReadStateAsync(null, cancellationToken)).Document;

    /// <inheritdoc/>
    public async ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken) =>
        (await ReadStateAsync(null, cancellationToken)).Version;

    /// <inheritdoc/>
    public async ValueTask<ConfigurationState> ReadStateAsync(StoredConfiguration? known, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(
            Read, [_current, _served, _ruler], [known?.Version ?? 0, known?.Hash ?? ""], cancellationToken);
        var version = (long)answer[0];
        var bytes = (byte[])answer[4]!;
        var document = version == 0 ? null : bytes.Length == 0 ? known : new StoredConfiguration(
            version, PackedText.Unpack(bytes), Moment((long)answer[2]), (string)answer[3]!);
        return new ConfigurationState(document, (long)answer[5], ReadRuler(answer[6]))
        {
            SeedHash = (string)answer[7]! is { Length: > 0 } seed ? seed : null,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<SaveOutcome> SaveAsync(
        ConfigurationSave save, long expectedVersion, CancellationToken cancellationToken)
    {
        var change = JsonSerializer.Serialize(
            new NotedChange(save.By, save.Comment, save.Differences), StoredJson.Default.NotedChange);
        var answer = await RunAsync(
            Save,
            [_current, _history, _documents, _served, _ruler],
            [
                expectedVersion, PackedText.Pack(save.Json), StoredConfiguration.HashOf(save.Json), save.By, PackedText.Pack(change),
                save.Origin.ToString().ToLowerInvariant(), save.Above, HistoryLength, ChangedChannel,
            ],
            cancellationToken);
        var result = (string)answer[0]! switch
        {
            "saved" => SaveResult.Saved,
            "conflict" => SaveResult.Conflict,
            "ruled" => SaveResult.Ruled,
            _ => SaveResult.Lost,
        };
        return new SaveOutcome(result, (long)answer[1]) { Ruler = ReadRuler(answer[2]) };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ConfigurationChange>> HistoryAsync(CancellationToken cancellationToken) =>
        [.. (await RunAsync(History, [_history], [], cancellationToken)).Select(static entry => ReadChange((byte[])entry!))];

    /// <inheritdoc/>
    public async ValueTask<StoredConfiguration?> ReadVersionAsync(long version, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(Earlier, [_history, _documents], [version], cancellationToken);
        if (answer.Length == 0)
        {
            return null;
        }

        var change = ReadChange((byte[])answer[1]!);
        return new StoredConfiguration(version, PackedText.Unpack((byte[])answer[0]!), change.At, change.By);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RuleAsync(ConfigurationRuler ruler, string replica, CancellationToken cancellationToken) =>
        (bool)await store.RunAsync(
            Rule,
            [_ruler, _leader],
            [
                JsonSerializer.Serialize(ruler, StoredJson.Default.ConfigurationRuler), (long)RuleLasts.TotalMilliseconds,
                replica, (long)LeadLasts.TotalMilliseconds,
            ],
            StoreDeadlines.Background,
            cancellationToken);

    private async ValueTask<RedisResult[]> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        (RedisResult[])(await store.RunAsync(script, keys, arguments, StoreDeadlines.Background, cancellationToken))!;

    private static ConfigurationRuler? ReadRuler(RedisResult json) =>
        (string)json! is { Length: > 0 } text ? JsonSerializer.Deserialize(text, StoredJson.Default.ConfigurationRuler) : null;

    // "7 1767225600000 {…}": version and moment are the script's.
    private static ConfigurationChange ReadChange(ReadOnlySpan<byte> entry)
    {
        var first = entry.IndexOf((byte)' ');
        var second = first + 1 + entry[(first + 1)..].IndexOf((byte)' ');
        var change = JsonSerializer.Deserialize(PackedText.Unpack(entry[(second + 1)..]), StoredJson.Default.NotedChange)!;
        return new ConfigurationChange(
            Number(entry[..first]), Moment(Number(entry[(first + 1)..second])), change.By, change.Comment, change.Differences);
    }

    private static long Number(ReadOnlySpan<byte> digits) => long.Parse(digits, CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
