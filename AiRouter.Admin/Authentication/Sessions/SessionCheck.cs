using System.Security.Claims;
using AiRouter.Core.Administration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>
/// Whether a session still holds: asked for every request of a page, every half minute by an open page, and before everything that
/// an open page does.
/// </summary>
internal sealed class SessionCheck(AdminKeyring keyring, SessionStore store, AdminOptions options, TimeProvider time)
{
    /// <summary>How a session stands now.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<SessionVerdict> OfAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (UserSession.Of(user) is not { } session)
        {
            return new SessionVerdict(SessionEnd.NotSignedIn, null);
        }

        if (session.Since + options.Access.Longest <= time.GetUtcNow())
        {
            return new SessionVerdict(SessionEnd.TimeIsOver, session);
        }

        var standing = await store.ReadAsync(session.Id, cancellationToken);
        if (standing.HasEnded)
        {
            return new SessionVerdict(SessionEnd.SignedOut, session);
        }

        return IdentityOf(session, standing.AdminKeys) switch
        {
            null => new SessionVerdict(SessionEnd.AccessIsGone, session),
            { } identity when identity != session.Identity => new SessionVerdict(SessionEnd.RoleChanged, session with { Identity = identity }),
            _ => new SessionVerdict(null, session),
        };
    }

    // Who signed in elsewhere is who he was then; but not under another mapping of roles.
    private AdminIdentity? IdentityOf(UserSession session, IReadOnlyList<AdminKeyRecord> keys) =>
        session.Source == options.Access.OpenId?.Source || session.Source == options.Access.Proxy?.Source
            ? session.Identity
            : keyring.HolderOf(session.Source, keys);
}

/// <summary>How a session stands.</summary>
/// <param name="End">Why it ends; null: it holds.</param>
/// <param name="Session">The session, with who he is now; null: there is none.</param>
internal sealed record SessionVerdict(SessionEnd? End, UserSession? Session);

/// <summary>Why a session ends.</summary>
internal enum SessionEnd
{
    /// <summary>There is none.</summary>
    NotSignedIn,

    /// <summary>It is too old, or nobody used it for too long.</summary>
    TimeIsOver,

    /// <summary>He signed out.</summary>
    SignedOut,

    /// <summary>His admin key was removed or has expired, or he may no longer come in by another way.</summary>
    AccessIsGone,

    /// <summary>He may do more or less than when the page was opened.</summary>
    RoleChanged,
}
