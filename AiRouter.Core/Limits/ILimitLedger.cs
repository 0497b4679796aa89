namespace AiRouter.Core.Limits;

/// <summary>
/// Counts what is used and decides who may go on, for all replicas that share it: atomically, so that concurrency never exceeds a
/// limit. In the store (Lua) or in the memory of one process; both do the same.
/// </summary>
/// <remarks>
/// A token counts from its reservation until 60 s after its settlement: then any 60 seconds hold no more than the limit (R45).
/// A reservation is a lease of <see cref="Lease"/>; renewed while its request runs. When it expires, its replica died: its upper
/// bound counts as used until a late settlement says what it really was.
/// </remarks>
public interface ILimitLedger
{
    /// <summary>How long a reservation lives without being renewed.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Admits and reserves, or refuses and changes nothing. The same id again gives the same answer.</summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away: it may have been reserved.</exception>
    ValueTask<LimitDecision> ReserveAsync(Reservation reservation, CancellationToken cancellationToken);

    /// <summary>Puts what was used in the place of what was reserved; once, however often it is called.</summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away: call again.</exception>
    ValueTask SettleAsync(Reservation reservation, Settlement used, CancellationToken cancellationToken);

    /// <summary>Extends the leases of requests that are still running.</summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away: call again.</exception>
    ValueTask RenewAsync(IReadOnlyList<Reservation> running, CancellationToken cancellationToken);

    /// <summary>How subjects stand now, without changing anything.</summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away.</exception>
    ValueTask<IReadOnlyList<LimitStanding>> ReadAsync(IReadOnlyList<LimitSubject> subjects, CancellationToken cancellationToken);
}
