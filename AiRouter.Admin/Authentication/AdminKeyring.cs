using System.Security.Cryptography;
using System.Text;
using AiRouter.Core.Administration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Authentication;

/// <summary>
/// Finds who has a secret: <c>AIROUTER_ADMIN_KEY</c>, or an admin key in the store. Stored keys are read anew for each request:
/// admins are few, and a key that was taken away stops at once.
/// </summary>
internal sealed class AdminKeyring(AdminOptions options, AdminKeyStore store, TimeProvider time)
{
    private const int LongestSecret = 512;

    private const string KeySource = "key:";

    private static readonly AdminIdentity FirstAdmin = new(AdminIdentity.EnvironmentName, AdminRole.Admin, ReadsBodies: true);

    private readonly byte[]? _environment = options.AdminKey is { } key ? Hash(key) : null;

    /// <summary>Whether the environment has an admin, who cannot be locked out.</summary>
    public bool HasEnvironmentKey => _environment is not null;

    /// <summary>Whether nobody can have a key: neither the environment nor the store knows one.</summary>
    public async ValueTask<bool> IsClosedAsync(CancellationToken cancellationToken) =>
        _environment is null && (await store.ReadAsync(cancellationToken)).Count == 0;

    // Another key in the variable is another source.
    private string? EnvironmentSource => _environment is null ? null : "environment:" + Convert.ToHexStringLower(SHA256.HashData(_environment));

    /// <summary>Who has this secret; null: nobody.</summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">It is not the environment's, and the store is away.</exception>
    public async ValueTask<AdminIdentity?> FindAsync(string secret, CancellationToken cancellationToken) =>
        (await FindHolderAsync(secret, cancellationToken))?.Identity;

    /// <summary>Who a source of <see cref="FindHolderAsync"/> is now; null: nobody any more.</summary>
    /// <param name="source">The source.</param>
    /// <param name="records">All admin keys of the store.</param>
    public AdminIdentity? HolderOf(string source, IReadOnlyList<AdminKeyRecord> records) =>
        source == EnvironmentSource ? FirstAdmin
        : records.FirstOrDefault(r => source == KeySource + r.Id) is { } record ? IdentityOf(record)
        : null;

    /// <summary>Who has this secret, and how a session that hangs on it calls it; null: nobody.</summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">It is not the environment's, and the store is away.</exception>
    public async ValueTask<KeyHolder?> FindHolderAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length is 0 or > LongestSecret)
        {
            return null;
        }

        if (_environment is not null && CryptographicOperations.FixedTimeEquals(Hash(secret), _environment))
        {
            return new KeyHolder(FirstAdmin, EnvironmentSource!);
        }

        if (!secret.StartsWith(AdminKeySecret.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var hash = Encoding.ASCII.GetBytes(ClientKeySecret.HashOf(secret));
        AdminKeyRecord? found = null;
        foreach (var record in await store.ReadAsync(cancellationToken))
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(record.Hash)))
            {
                found = record;
            }
        }

        return found is not null && IdentityOf(found) is { } identity ? new KeyHolder(identity, KeySource + found.Id) : null;
    }

    private AdminIdentity? IdentityOf(AdminKeyRecord record) =>
        record.Expires <= time.GetUtcNow() ? null : new AdminIdentity(record.Name, record.Role, record.ReadsBodies);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>Somebody with an admin key.</summary>
/// <param name="Identity">Who he is.</param>
/// <param name="Source">How a session that hangs on the key calls it.</param>
internal sealed record KeyHolder(AdminIdentity Identity, string Source);
