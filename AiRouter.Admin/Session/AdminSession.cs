using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Stores;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiRouter.Admin.Session;

/// <summary>
/// What pages do, they do through here: it knows who is signed in, and whether he still is; it checks his role, sets a deadline, and
/// turns what goes wrong into a failure that a page can show. One for each circuit.
/// </summary>
internal sealed partial class AdminSession(AuthenticationStateProvider authentication, ILogger<AdminSession> logger) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _ended = new();
    private AdminIdentity? _identity;

    /// <summary>Whether it is known who is signed in: pages are shown from then on.</summary>
    public bool IsStarted => _identity is not null;

    /// <summary>Who is signed in.</summary>
    public AdminIdentity Identity => _identity ?? throw new InvalidOperationException("Pages are shown after the session has started.");

    /// <summary>Cancelled when the circuit ends.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Learns who is signed in.</summary>
    public async Task StartAsync() => _identity = await WhoAsync();

    /// <summary>Whether he has a role, or a higher one: what to show. Acting checks it again.</summary>
    public bool Can(AdminRole role) => Identity.Role >= role;

    /// <summary>Reads something that every role may see.</summary>
    public Task<Outcome<T>> ReadAsync<T>(Func<CancellationToken, Task<Outcome<T>>> read)
        where T : class => ActAsync(AdminRole.Viewer, (_, cancellationToken) => read(cancellationToken));

    /// <inheritdoc cref="ReadAsync{T}(Func{CancellationToken, Task{Outcome{T}}})"/>
    public Task<Outcome<T>> ReadAsync<T>(Func<CancellationToken, Task<T>> read)
        where T : class => ReadAsync(async cancellationToken => (Outcome<T>)await read(cancellationToken));

    /// <summary>Does something that needs a role.</summary>
    /// <param name="needed">The lowest role that may.</param>
    /// <param name="act">Does it, in the name of who is signed in.</param>
    public async Task<Outcome<T>> ActAsync<T>(AdminRole needed, Func<AdminIdentity, CancellationToken, Task<Outcome<T>>> act)
        where T : class
    {
        if (await WhoAsync() is not { } identity)
        {
            return new ManagementFailure(FailureKind.Unauthorized, "Your session has ended: sign in again.");
        }

        if (identity.Role < needed)
        {
            return new ManagementFailure(
                FailureKind.Forbidden,
                $"This needs the role {needed.ToString().ToLowerInvariant()}; \"{identity.Name}\" is {identity.Role.ToString().ToLowerInvariant()}.");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        deadline.CancelAfter(Deadline);
        try
        {
            return await act(identity, deadline.Token);
        }
        catch (StoreUnavailableException away)
        {
            return new ManagementFailure(
                FailureKind.StoreUnavailable, $"{away.Message} A change may or may not have been made: look before trying again.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new ManagementFailure(FailureKind.StoreUnavailable, $"It took more than {Deadline.TotalSeconds} s, and was given up.");
        }
        catch (Exception bug)
        {
            LogBug(bug);
            return new ManagementFailure(FailureKind.Internal, "It is Admin's fault; its log says more.");
        }
    }

    /// <inheritdoc cref="ActAsync{T}(AdminRole, Func{AdminIdentity, CancellationToken, Task{Outcome{T}}})"/>
    public Task<Outcome<T>> ActAsync<T>(AdminRole needed, Func<AdminIdentity, CancellationToken, Task<T>> act)
        where T : class => ActAsync(needed, async (by, cancellationToken) => (Outcome<T>)await act(by, cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<AdminIdentity?> WhoAsync() =>
        (await authentication.GetAuthenticationStateAsync()).User is { Identity.IsAuthenticated: true } user ? AdminIdentity.Of(user) : null;

    [LoggerMessage(3201, LogLevel.Error, "A page failed: a bug")]
    private partial void LogBug(Exception bug);
}
