using AiRouter.Admin.Authentication;
using AiRouter.Admin.Authentication.Sessions;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Session;

/// <summary>
/// What pages do, they do through here: it knows who is signed in, and whether he still is; it checks his role, sets a deadline, and
/// turns what goes wrong into a failure that a page can show. One for each circuit.
/// </summary>
internal sealed partial class AdminSession : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // A page that shows live figures reads every other second.
    private static readonly TimeSpan ReadCheckAge = TimeSpan.FromSeconds(5);

    private readonly CircuitSession _circuit;
    private readonly ILogger<AdminSession> _logger;
    private readonly CancellationTokenSource _ended = new();
    private AdminIdentity? _identity;

    /// <summary>One for each circuit.</summary>
    public AdminSession(CircuitSession circuit, ILogger<AdminSession> logger)
    {
        (_circuit, _logger) = (circuit, logger);
        Ended = _ended.Token;
    }

    /// <summary>Whether it is known who is signed in: pages are shown from then on.</summary>
    public bool IsStarted => _identity is not null;

    /// <summary>Who is signed in.</summary>
    public AdminIdentity Identity => _identity ?? throw new InvalidOperationException("Pages are shown after the session has started.");

    /// <summary>Cancelled when the circuit ends; there after that too, for what a page was about to do.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Learns who is signed in.</summary>
    public async Task StartAsync() => _identity = await _circuit.IdentityAsync();

    /// <summary>Whether he has a role, or a higher one: what to show. Acting checks it again.</summary>
    public bool Can(AdminRole role) => Identity.Role >= role;

    /// <summary>Reads something that every role may see.</summary>
    public Task<Outcome<T>> ReadAsync<T>(Func<CancellationToken, Task<Outcome<T>>> read)
        where T : class => RunAsync(AdminRole.Viewer, ReadCheckAge, (_, cancellationToken) => read(cancellationToken));

    /// <inheritdoc cref="ReadAsync{T}(Func{CancellationToken, Task{Outcome{T}}})"/>
    public Task<Outcome<T>> ReadAsync<T>(Func<CancellationToken, Task<T>> read)
        where T : class => ReadAsync(async cancellationToken => (Outcome<T>)await read(cancellationToken));

    /// <summary>Does something that needs a role. Whether he still has it is asked anew each time.</summary>
    /// <param name="needed">The lowest role that may.</param>
    /// <param name="act">Does it, in the name of who is signed in.</param>
    public Task<Outcome<T>> ActAsync<T>(AdminRole needed, Func<AdminIdentity, CancellationToken, Task<Outcome<T>>> act)
        where T : class => RunAsync(needed, TimeSpan.Zero, act);

    /// <inheritdoc cref="ActAsync{T}(AdminRole, Func{AdminIdentity, CancellationToken, Task{Outcome{T}}})"/>
    public Task<Outcome<T>> ActAsync<T>(AdminRole needed, Func<AdminIdentity, CancellationToken, Task<T>> act)
        where T : class => ActAsync(needed, async (by, cancellationToken) => (Outcome<T>)await act(by, cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<Outcome<T>> RunAsync<T>(
        AdminRole needed, TimeSpan checkAge, Func<AdminIdentity, CancellationToken, Task<Outcome<T>>> act)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        deadline.CancelAfter(Deadline);
        try
        {
            var verdict = await _circuit.CheckAsync(checkAge, deadline.Token);
            if (verdict is not { End: null, Session.Identity: { } identity })
            {
                return new ManagementFailure(FailureKind.Unauthorized, Text(verdict.End));
            }

            return identity.Role >= needed
                ? await act(identity, deadline.Token)
                : new ManagementFailure(
                    FailureKind.Forbidden,
                    $"This needs the role {needed.ToString().ToLowerInvariant()}; \"{identity.Name}\" is {identity.Role.ToString().ToLowerInvariant()}.");
        }
        catch (StoreUnavailableException away)
        {
            return new ManagementFailure(
                FailureKind.StoreUnavailable, $"{away.Message} A change may or may not have been made: look before trying again.");
        }
        catch (OperationCanceledException)
        {
            // This deadline, or that of an answer that many wait for.
            return new ManagementFailure(FailureKind.StoreUnavailable, "It took too long, and was given up.");
        }
        catch (Exception bug)
        {
            LogBug(bug);
            return new ManagementFailure(FailureKind.Internal, "It is Admin's fault; its log says more.");
        }
    }

    private static string Text(SessionEnd? end) => end == SessionEnd.RoleChanged
        ? "Your role has changed: the page is loaded anew."
        : "Your session has ended: sign in again.";

    [LoggerMessage(3211, LogLevel.Error, "A page failed: a bug")]
    private partial void LogBug(Exception bug);
}
