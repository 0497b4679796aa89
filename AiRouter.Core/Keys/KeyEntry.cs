namespace AiRouter.Core.Keys;

/// <summary>One secret, by its hash.</summary>
/// <param name="Hash">SHA-256 of it.</param>
/// <param name="Key">Whose it is; null: it was revoked together with its key.</param>
/// <param name="Until">From when on it does not work, whatever its key says; null: never.</param>
/// <param name="Ends">What it is then.</param>
internal sealed record KeyEntry(
    ReadOnlyMemory<byte> Hash, ClientKey? Key, DateTimeOffset? Until = null, KeyStanding Ends = KeyStanding.Revoked);
