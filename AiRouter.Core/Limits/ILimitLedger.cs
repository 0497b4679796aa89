namespace AiRouter.Core.Limits;

/// <summary>
/// Counts what is used and decides who may go on, for all replicas that share it: atomically, so that concurrency never
/// exceeds a limit. In the store (Lua) or in the memory of one process; both do the same.
/// </summary>
/// <remarks>
/// A token counts from its reservation until 60 s after its settlement: then any 60 seconds hold no more than the limit
/// (R45). A reservation is a lease of <see cref="Lease"/>; renewed while its request runs. When it expires, its replica
/// died: its upper bound counts as used until a late settlement says what it really was.
/// </remarks>
public interface ILimitLedger
{
    /// <summary>How long a reservation lives without being renewed.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Admits and reserves, or refuses and changes nothing. The id of an admitted request again is admitted again and
    /// counted once; that of a refused one is decided anew.
    /// </summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away: it may have been reserved.</exception>
    ValueTask<LimitDecision> ReserveAsync(Reservation reservation, CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="ReserveAsync"/> would answer now, reserving nothing: for a look at some of the limits before the
    /// rest is known (R31, with subjects that have only the limits to look at).
    /// </summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away.</exception>
    ValueTask<LimitDecision> CheckAsync(Reservation reservation, CancellationToken cancellationToken);

    /// <summary>
    /// Puts what was used in the place of what was reserved; once, however often it is called. What was never reserved
    /// here (its reservation got lost, or another ledger admitted it) counts as well, and a reservation that arrives
    /// later holds nothing.
    /// </summary>
    /// <param name="reservation">As it was reserved, with the same subjects.</param>
    /// <param name="used">What it really was.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been settled.</param>
    /// <exception cref="Stores.StoreUnavailableException">The store is away: call again.</exception>
    ValueTask SettleAsync(Reservation reservation, Settlement used, CancellationToken cancellationToken);

    /// <summary>
    /// Extends the leases of requests that are still running. Those that expired meanwhile, or that the ledger does not
    /// know (a store that lost them), are held again, even beyond the limit: they do run.
    /// </summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away: call again.</exception>
    ValueTask RenewAsync(IReadOnlyList<Reservation> running, CancellationToken cancellationToken);

    /// <summary>How subjects stand now, without changing anything.</summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away.</exception>
    ValueTask<IReadOnlyList<LimitStanding>> ReadAsync(
        IReadOnlyList<LimitSubject> subjects, CancellationToken cancellationToken);
}
