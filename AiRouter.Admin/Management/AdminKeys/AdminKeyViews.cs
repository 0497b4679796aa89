using System.Diagnostics.CodeAnalysis;
using AiRouter.Core.Administration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.AdminKeys;

/// <summary>What an admin says about an admin key.</summary>
public sealed record AdminKeySettings
{
    /// <summary>Who it is, in the history and the audit; unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required AdminRole Role { get; init; }

    /// <summary>Whether it may read logged bodies, which no role includes.</summary>
    public bool ReadBodies { get; init; }

    /// <summary>When it stops working.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>An admin key as answers show it: neither its secret nor its hash.</summary>
public record AdminKeyView : IVersioned
{
    /// <summary>Names it for ever.</summary>
    public required string Id { get; init; }

    /// <summary>Its version; what If-Match compares.</summary>
    public required long Version { get; init; }

    /// <summary>How its secret begins.</summary>
    public required string Prefix { get; init; }

    /// <inheritdoc cref="AdminKeySettings.Name"/>
    public required string Name { get; init; }

    /// <inheritdoc cref="AdminKeySettings.Role"/>
    public required AdminRole Role { get; init; }

    /// <inheritdoc cref="AdminKeySettings.ReadBodies"/>
    public required bool ReadBodies { get; init; }

    /// <inheritdoc cref="AdminKeySettings.Expires"/>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was made, and by whom.</summary>
    public required Change Created { get; init; }

    /// <summary>When it was changed last, and by whom.</summary>
    public required Change Updated { get; init; }
}

/// <summary>An admin key with its secret: the one answer that has it.</summary>
public sealed record AdminKeyWithSecret : AdminKeyView
{
    /// <summary>One whose members are all to be set.</summary>
    public AdminKeyWithSecret()
    {
    }

    /// <summary>An admin key with its secret, which was made just now.</summary>
    [SetsRequiredMembers]
    public AdminKeyWithSecret(AdminKeyView key, string secret)
        : base(key) => Key = secret;

    /// <summary>The secret. It is not stored, and never shown again.</summary>
    public required string Key { get; init; }
}

/// <summary>Who asks.</summary>
/// <param name="Name">The name of the admin key; <c>environment</c> for AIROUTER_ADMIN_KEY.</param>
/// <param name="Role">What it may do.</param>
/// <param name="ReadBodies">Whether it may read logged bodies.</param>
internal sealed record AdminView(string Name, AdminRole Role, bool ReadBodies);
