using AiRouter.Core.Keys;

namespace AiRouter.Core.Administration;

/// <summary>A key of the management API, in the store (R44). Its secret is shown once, when it is made; here is its hash only.</summary>
public sealed record AdminKeyRecord
{
    /// <summary>Names it for ever: <c>admin_</c> and 16 random base32 digits.</summary>
    public required string Id { get; init; }

    /// <summary>Grows by one with each change; what If-Match compares.</summary>
    public long Version { get; init; }

    /// <summary>Who it is, in the history and the audit; unique.</summary>
    public required string Name { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The first characters of the secret, to recognise it by.</summary>
    public required string Prefix { get; init; }

    /// <summary>What it may do.</summary>
    public AdminRole Role { get; init; }

    /// <summary>Whether it may read logged bodies, which is a right of its own (R39).</summary>
    public bool ReadsBodies { get; init; }

    /// <summary>When it stops working.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was made, and by whom.</summary>
    public Change Created { get; init; }

    /// <summary>When it was changed last, and by whom.</summary>
    public Change Updated { get; init; }
}
