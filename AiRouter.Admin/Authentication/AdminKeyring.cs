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

    private readonly byte[]? _environment = options.AdminKey is { } key ? Hash(key) : null;

    /// <summary>Whether the environment has an admin, who cannot be locked out.</summary>
    public bool HasEnvironmentKey => _environment is not null;

    /// <summary>Whether nobody can have a key: neither the environment nor the store knows one.</summary>
    public async ValueTask<bool> IsClosedAsync(CancellationToken cancellationToken) =>
        _environment is null && (await store.ReadAsync(cancellationToken)).Count == 0;

    /// <summary>Who has this secret; null: nobody.</summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">It is not the environment's, and the store is away.</exception>
    public async ValueTask<AdminIdentity?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length is 0 or > LongestSecret)
        {
            return null;
        }

        if (_environment is not null && CryptographicOperations.FixedTimeEquals(Hash(secret), _environment))
        {
            return new AdminIdentity(AdminIdentity.EnvironmentName, AdminRole.Admin, ReadsBodies: true);
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

        return found is null || found.Expires <= time.GetUtcNow()
            ? null
            : new AdminIdentity(found.Name, found.Role, found.ReadsBodies);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
