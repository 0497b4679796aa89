using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Admission;

/// <summary>
/// What this replica allows while the store is away (<see cref="StoreFailureMode.Local"/>): of what was left of each limit when the
/// store was last heard, the share of one of the replicas last seen alive.
/// </summary>
internal sealed class LocalLedger(MemoryLimitLedger ledger, KnownStandings known, IReplicaDirectory? replicas = null)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Counts in the memory of this process.</summary>
    public ILimitLedger Ledger => ledger;

    /// <summary>Takes over what is spent, from a decision of the store's.</summary>
    public void Adopt(IReadOnlyList<LimitSubject> subjects, LimitDecision decision) => ledger.Adopt(subjects, decision.Standings);

    /// <summary>Reserves of this replica's share.</summary>
    /// <returns>The reservation as it is to be settled, and the decision.</returns>
    public async ValueTask<(Reservation Share, LimitDecision Decision)> ReserveAsync(Reservation reservation)
    {
        ledger.Share = 1d / Math.Max(1, replicas?.LiveRouters ?? 1);
        var share = reservation with { Subjects = [.. reservation.Subjects.Select(Rest)] };
        var decision = await ledger.ReserveAsync(share, CancellationToken.None);

        // What is more than this replica's share may fit again when the store is back.
        return (share, decision.Refusal is { RetryAfter: null } refusal
            ? decision with { Refusal = refusal with { RetryAfter = Window } }
            : decision);
    }

    /// <summary>The limits less what the store has counted in the last minute: this ledger does not know of it.</summary>
    private LimitSubject Rest(LimitSubject subject)
    {
        if (known.Find(subject.Id) is not { } last || last.Age >= Window)
        {
            return subject;
        }

        var limits = subject.Limits;
        return subject with
        {
            Limits = new LimitsConfig
            {
                RequestsPerMinute = (int?)Less(limits.RequestsPerMinute, last.Standing.Requests),
                TokensPerMinute = Less(limits.TokensPerMinute, last.Standing.Tokens),
                Concurrent = limits.Concurrent,
            },
        };
    }

    private static long? Less(long? limit, long used) => limit is { } most ? Math.Max(1, most - used) : null;
}
