using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Keys;

/// <summary>Between what admins say about a key, what is stored, and what is shown.</summary>
internal static class KeyMapping
{
    // Keys are checked as the configuration's are; those have a hash.
    private static readonly string NoHash = "sha256:" + new string('0', 64);

    /// <summary>A stored key as it is shown.</summary>
    public static KeyView View(KeyRecord record, DateTimeOffset now) => new(record)
    {
        Id = record.Id,
        Version = record.Version,
        Source = KeySource.Store,
        Status = Status(record, now),
        Prefix = record.Prefix,
        PreviousUntil = record.PreviousUntil > now ? record.PreviousUntil : null,
        Name = record.Name,
        Created = record.Created,
        Updated = record.Updated,
    };

    /// <summary>A key of the configuration as it is shown.</summary>
    public static KeyView View(KeyConfig key, bool isRevoked, DateTimeOffset now) => new(key)
    {
        Id = IdOf(key),
        Version = 0,
        Source = KeySource.Configuration,
        Status = isRevoked ? KeyStatus.Revoked : Status(key, now),
        Name = key.Name,
    };

    /// <summary>The id of a key of the configuration.</summary>
    public static string IdOf(KeyConfig key) => "file:" + key.Name;

    /// <summary>What a stored key's settings are.</summary>
    public static KeySettings Settings(KeyRecord record) => new(record) { Name = record.Name };

    /// <summary>A record with other settings.</summary>
    public static KeyRecord With(KeyRecord record, KeySettings settings) => new(settings)
    {
        Id = record.Id,
        Version = record.Version,
        Name = settings.Name,
        Hash = record.Hash,
        Prefix = record.Prefix,
        PreviousHash = record.PreviousHash,
        PreviousUntil = record.PreviousUntil,
        Created = record.Created,
        Updated = record.Updated,
    };

    /// <summary>The same as a key of the configuration, to be checked like one.</summary>
    public static KeyConfig Config(KeySettings settings) => new(settings) { Name = settings.Name, Hash = NoHash };

    /// <summary>A key as routers know it: what it may do, without its secret.</summary>
    public static ClientKey Known(KeyView key) => ClientKey.From(new KeyConfig(key) { Name = key.Name, Hash = NoHash });

    private static KeyStatus Status(KeyTerms terms, DateTimeOffset now) =>
        terms.Disabled ? KeyStatus.Disabled : terms.Expires <= now ? KeyStatus.Expired : KeyStatus.Active;
}
