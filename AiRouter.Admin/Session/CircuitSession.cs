using System.Security.Claims;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Authentication.Sessions;
using AiRouter.Core.Stores;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace AiRouter.Admin.Session;

/// <summary>
/// The session of an open page. Its connection was opened with a cookie that nobody looks at again, so it asks by itself whether the
/// session still holds, and ends when it does not: within half a minute, before anything that is done, and at once when the sign-out
/// is in this process.
/// </summary>
internal sealed class CircuitSession : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly SessionCheck _check;
    private readonly AdminOptions _options;
    private readonly TimeProvider _time;
    private readonly IDisposable _ends;
    private DateTimeOffset _lastUse;
    private DateTimeOffset _lastCheck;
    private SessionVerdict? _verdict;
    private Task<AuthenticationState> _state = Task.FromResult(Nobody);

    /// <summary>One for each circuit.</summary>
    public CircuitSession(SessionCheck check, SessionDesk desk, AdminOptions options, TimeProvider time, ILoggerFactory logger)
        : base(logger)
    {
        (_check, _options, _time) = (check, options, time);
        _lastUse = time.GetUtcNow();
        AuthenticationStateChanged += state => _state = state;
        _ends = desk.OnEnd(EndIfMine);
    }

    /// <summary>Why it has ended; null: it has not.</summary>
    public SessionEnd? End { get; private set; }

    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Somebody uses the page.</summary>
    public void Touch() => _lastUse = _time.GetUtcNow();

    /// <summary>Who is signed in; null: nobody.</summary>
    public async Task<AdminIdentity?> IdentityAsync() => UserSession.Of((await _state).User)?.Identity;

    /// <summary>Whether the session holds; it ends here when it does not.</summary>
    /// <param name="age">How old an answer may be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<SessionVerdict> CheckAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (End is null && _verdict is { End: null } verdict && now - _lastCheck < age)
        {
            return verdict;
        }

        var user = (await _state).User;
        verdict = End is { } ended ? new SessionVerdict(ended, null)
            : _lastUse + _options.Access.Idle <= now ? new SessionVerdict(SessionEnd.TimeIsOver, null)
            : await _check.OfAsync(user, cancellationToken);
        (_verdict, _lastCheck) = (verdict, now);
        if (verdict.End is { } end)
        {
            Finish(end);
        }

        return verdict;
    }

    /// <inheritdoc/>
    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return (await CheckAsync(TimeSpan.Zero, cancellationToken)).End is null;
        }
        catch (StoreUnavailableException)
        {
            // Nothing can be done or read without the store. The page says so, and is of use again when the store is back.
            return true;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _ends.Dispose();
        base.Dispose(disposing);
    }

    // Called by the request that signs out.
    private void EndIfMine(string id)
    {
        if (_state is { IsCompletedSuccessfully: true, Result: var state } && UserSession.Of(state.User)?.Id == id)
        {
            Finish(SessionEnd.SignedOut);
        }
    }

    private void Finish(SessionEnd end)
    {
        if (End is null)
        {
            End = end;
            SetAuthenticationState(Task.FromResult(Nobody));
        }
    }
}
