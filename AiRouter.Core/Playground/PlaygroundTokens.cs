using AiRouter.Core.Stores;

namespace AiRouter.Core.Playground;

/// <summary>Makes playground tokens (Admin) and checks them (routers).</summary>
public sealed class PlaygroundTokens(PlaygroundSecrets secrets, TimeProvider time)
{
    /// <summary>How long one works: long enough to be sent, no longer. A request that it has begun goes on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>How far the clocks of Admin and a router may differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <summary>Makes a token for one request.</summary>
    /// <param name="admin">Who asks.</param>
    /// <param name="keyId">The key that he acts for; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<string> IssueAsync(string admin, string? keyId, CancellationToken cancellationToken)
    {
        var secret = await secrets.CurrentAsync(cancellationToken);
        var now = time.GetUtcNow();
        return PlaygroundToken.Write(new PlaygroundGrant(admin, keyId, now, now + Lifetime), secret);
    }

    /// <summary>Checks what a client has sent. The key that it names is the caller's to check.</summary>
    public async ValueTask<PlaygroundCheck> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (PlaygroundToken.Read(token) is not { } bytes)
        {
            return default;
        }

        PlaygroundSecret? secret;
        try
        {
            secret = await secrets.FindAsync(PlaygroundToken.SecretIdOf(bytes), cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return new PlaygroundCheck(PlaygroundStanding.Unavailable);
        }

        if (secret is { IsReadable: false })
        {
            return new PlaygroundCheck(PlaygroundStanding.Unreadable);
        }

        if (secret is null || PlaygroundToken.Verify(bytes, secret) is not { } grant)
        {
            return default;
        }

        var now = time.GetUtcNow();
        return now >= grant.Expires + Tolerance ? new PlaygroundCheck(PlaygroundStanding.Expired)
            : now < grant.Issued - Tolerance ? new PlaygroundCheck(PlaygroundStanding.Early)
            : new PlaygroundCheck(PlaygroundStanding.Good, grant);
    }
}
