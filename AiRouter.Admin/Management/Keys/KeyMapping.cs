using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Keys;

/// <summary>Between what admins say about a key, what is stored, and what is shown.</summary>
internal static class KeyMapping
{
    // Keys are checked as the configuration's are; those have a hash.
    private static readonly string NoHash = "sha256:" + new string('0', 64);

    /// <summary>A stored key as it is shown.</summary>
    public static KeyView View(KeyRecord record, DateTimeOffset now) => Fill(new KeyView
    {
        Id = record.Id,
        Version = record.Version,
        Source = KeySource.Store,
        Status = Status(record.Disabled, record.Expires, now),
        Name = record.Name,
    }, record, now);

    /// <summary>A stored key with its secret, which was made just now.</summary>
    public static KeyWithSecret View(KeyRecord record, string secret, DateTimeOffset now) => (KeyWithSecret)Fill(new KeyWithSecret
    {
        Id = record.Id,
        Version = record.Version,
        Source = KeySource.Store,
        Status = Status(record.Disabled, record.Expires, now),
        Name = record.Name,
        Key = secret,
    }, record, now);

    /// <summary>A key of the configuration as it is shown.</summary>
    public static KeyView View(KeyConfig key, bool isRevoked, DateTimeOffset now) => new()
    {
        Id = IdOf(key),
        Version = 0,
        Source = KeySource.Configuration,
        Status = isRevoked ? KeyStatus.Revoked : Status(key.Disabled, key.Expires, now),
        Name = key.Name,
        Owner = key.Owner,
        Tags = key.Tags,
        Models = key.Models,
        Operations = key.Operations,
        Expires = key.Expires,
        Disabled = key.Disabled,
        Limits = key.Limits,
        Budget = key.Budget,
        ModelLimits = key.ModelLimits,
        Priority = key.Priority,
        LogBodies = key.LogBodies,
    };

    /// <summary>The id of a key of the configuration.</summary>
    public static string IdOf(KeyConfig key) => "file:" + key.Name;

    /// <summary>What a stored key's settings are.</summary>
    public static KeySettings Settings(KeyRecord record) => new()
    {
        Name = record.Name,
        Owner = record.Owner,
        Tags = record.Tags,
        Models = record.Models,
        Operations = record.Operations,
        Expires = record.Expires,
        Disabled = record.Disabled,
        Limits = record.Limits,
        Budget = record.Budget,
        ModelLimits = record.ModelLimits,
        Priority = record.Priority,
        LogBodies = record.LogBodies,
    };

    /// <summary>A record with other settings.</summary>
    public static KeyRecord With(KeyRecord record, KeySettings settings) => record with
    {
        Name = settings.Name,
        Owner = settings.Owner,
        Tags = settings.Tags,
        Models = settings.Models,
        Operations = settings.Operations,
        Expires = settings.Expires,
        Disabled = settings.Disabled,
        Limits = settings.Limits,
        Budget = settings.Budget,
        ModelLimits = settings.ModelLimits,
        Priority = settings.Priority,
        LogBodies = settings.LogBodies,
    };

    /// <summary>The same as a key of the configuration, to be checked like one.</summary>
    public static KeyConfig Config(KeySettings settings) => new()
    {
        Name = settings.Name,
        Hash = NoHash,
        Owner = settings.Owner,
        Tags = settings.Tags,
        Models = settings.Models,
        Operations = settings.Operations,
        Expires = settings.Expires,
        Disabled = settings.Disabled,
        Limits = settings.Limits,
        Budget = settings.Budget,
        ModelLimits = settings.ModelLimits,
        Priority = settings.Priority,
        LogBodies = settings.LogBodies,
    };

    private static KeyView Fill(KeyView view, KeyRecord record, DateTimeOffset now) => view with
    {
        Prefix = record.Prefix,
        PreviousUntil = record.PreviousUntil > now ? record.PreviousUntil : null,
        Owner = record.Owner,
        Tags = record.Tags,
        Models = record.Models,
        Operations = record.Operations,
        Expires = record.Expires,
        Disabled = record.Disabled,
        Limits = record.Limits,
        Budget = record.Budget,
        ModelLimits = record.ModelLimits,
        Priority = record.Priority,
        LogBodies = record.LogBodies,
        Created = record.Created,
        Updated = record.Updated,
    };

    private static KeyStatus Status(bool disabled, DateTimeOffset? expires, DateTimeOffset now) =>
        disabled ? KeyStatus.Disabled : expires <= now ? KeyStatus.Expired : KeyStatus.Active;
}
