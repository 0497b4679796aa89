using AiRouter.Core.Administration;
using Microsoft.AspNetCore.Authentication;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>Begins and ends sessions, and tells open pages of this process which have been ended.</summary>
internal sealed partial class SessionDesk(SessionStore store, AdminOptions options, TimeProvider time, ILogger<SessionDesk> logger)
{
    private event Action<string>? Ended;

    /// <summary>Signs somebody in: the answer carries his cookie.</summary>
    public async Task BeginAsync(HttpContext context, AdminIdentity identity, string source)
    {
        await EndBeforeAsync(context);
        var session = UserSession.Begin(identity, source, time.GetUtcNow());
        await context.SignInAsync(SessionCookie.SchemeName, session.ToPrincipal(SessionCookie.SchemeName), new AuthenticationProperties());
        LogBegun(identity.Name, identity.Role, context.Connection.RemoteIpAddress?.ToString());
    }

    /// <summary>Signs somebody out, everywhere: a copy of his cookie is worth nothing any more.</summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">The store is away: the cookie is gone from the browser only.</exception>
    public async Task EndAsync(HttpContext context)
    {
        var session = UserSession.Of(context.User);
        await context.SignOutAsync(SessionCookie.SchemeName);
        if (session is null)
        {
            return;
        }

        await EndAsync(session, context.RequestAborted);
        LogEnded(session.Identity.Name);
    }

    /// <summary>
    /// Ends the session that the browser has, because another one takes the place of its cookie: nobody could sign out of it any more,
    /// and its open pages would stay those of whoever was there before.
    /// </summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">The store is away.</exception>
    public async Task EndBeforeAsync(HttpContext context)
    {
        var before = await context.AuthenticateAsync(SessionCookie.SchemeName);
        if (before.Principal is { } user && UserSession.Of(user) is { } session)
        {
            await EndAsync(session, context.RequestAborted);
        }
    }

    /// <summary>Calls back with the id of each session that is ended in this process; dispose to stop.</summary>
    public IDisposable OnEnd(Action<string> ended)
    {
        Ended += ended;
        return new Subscription(() => Ended -= ended);
    }

    private async Task EndAsync(UserSession session, CancellationToken cancellationToken)
    {
        Ended?.Invoke(session.Id);
        var left = session.Since + options.Access.Longest - time.GetUtcNow();
        await store.EndAsync(session.Id, left, cancellationToken);
    }

    [LoggerMessage(3202, LogLevel.Information, "{Name} signed in as {Role} from {Address}")]
    private partial void LogBegun(string name, AdminRole role, string? address);

    [LoggerMessage(3203, LogLevel.Information, "{Name} signed out")]
    private partial void LogEnded(string name);

    private sealed class Subscription(Action stop) : IDisposable
    {
        public void Dispose() => stop();
    }
}
