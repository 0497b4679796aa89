using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Admission;

/// <summary>
/// Lets requests pass that their limits have room for, and settles what they really used (R31, R32, R45). A request without limits
/// costs nothing here.
/// </summary>
internal sealed class RequestAdmission(
    ILimitLedger ledger,
    LocalLedger local,
    KnownStandings known,
    SettlementQueue settlements,
    RunningReservations running,
    LimitMetrics metrics,
    IStore? store = null)
{
    // The end of an answer reaches its client before its place is given back: who asks again at once is not refused for it.
    private static readonly TimeSpan GraceForPlaces = TimeSpan.FromMilliseconds(20);

    private bool IsStoreAway => store is { IsAvailable: false };

    /// <summary>
    /// What limits the request, whose model is known now; null: nothing. A backend measures the request if that <see
    /// cref="RequestLimits.NeedsSize"/>, and calls <see cref="AdmitAsync"/> before it sends anything.
    /// </summary>
    public static RequestLimits? LimitsOf(Exchange exchange) =>
        exchange.Limits ??= exchange.Model is null ? null : RequestLimits.Of(exchange);

    /// <summary>
    /// Reserves what the request may come to. Called by a backend just before it dispatches; again for another target, which
    /// costs nothing unless the request may come to more there.
    /// </summary>
    public async ValueTask<ApiError?> AdmitAsync(Exchange exchange, TargetModel target, RequestSize size)
    {
        if (LimitsOf(exchange) is not { } limits)
        {
            return null;
        }

        var price = exchange.Model!.Model.Config.Price;
        if (limits.HasBudget && price is null)
        {
            return LimitErrors.Unpriced(exchange);
        }

        var most = limits.HasBudget
            ? RequestCost.MostNanoUsd(
                price, size.Input, size.Output, TimeSpan.FromSeconds(target.Backend.Config.Timeouts.Total))
            : 0;
        if (limits.Reservation is { } earlier)
        {
            if (size.Tokens <= limits.Size.Tokens && most <= earlier.NanoUsd && size.Slots <= earlier.Slots)
            {
                return null;
            }

            // Another target, where it may come to more: reserved anew, and one request more in its rate.
            GiveBack(limits, default);
        }

        limits.Size = size;
        limits.HasWaited |= exchange.HasWaitedForStore;
        return await ReserveAsync(exchange, limits, most);
    }

    /// <summary>A request about stored objects: it has neither tokens nor a price, so only requests and places count.</summary>
    public ValueTask<ApiError?> AdmitObjectAsync(Exchange exchange)
    {
        if (RequestLimits.OfObject(exchange) is not { } limits)
        {
            return ValueTask.FromResult<ApiError?>(null);
        }

        exchange.Limits = limits;
        limits.Size = new RequestSize(0, 0, 1);
        return ReserveAsync(exchange, limits, nanoUsd: 0);
    }

    /// <summary>The request leaves its model for another one: nothing is reserved any more, and the other's limits count from now on.</summary>
    public void Release(Exchange exchange)
    {
        if (exchange.Limits is not { } limits)
        {
            return;
        }

        exchange.HasWaitedForStore |= limits.HasWaited;
        if (limits.Reservation is not null)
        {
            GiveBack(limits, default);
        }

        exchange.Limits = null;
    }

    /// <summary>The request has ended, however. Sets what it cost.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="error">Why it has no whole answer; null: it has one.</param>
    public void Settle(Exchange exchange, ApiError? error)
    {
        FinalUsage.Apply(exchange, error);
        if (exchange.Usage.IsKnown && exchange.Model is { } model)
        {
            var usage = exchange.Usage;
            exchange.NanoUsd = RequestCost.NanoUsd(
                model.Model.Config.Price, usage.Input, usage.CachedInput, usage.Output, exchange.AnswerTime);
        }

        if (exchange.Limits is { Reservation: not null } limits)
        {
            GiveBack(limits, new Settlement((long)exchange.Usage.Input + exchange.Usage.Output, exchange.NanoUsd));
        }
    }

    private async ValueTask<ApiError?> ReserveAsync(Exchange exchange, RequestLimits limits, long nanoUsd)
    {
        var decision = await TryReserveAsync(exchange, limits, nanoUsd);
        if (decision is { Refusal.Kind: LimitKind.Concurrent, Refusal.RetryAfter: not null })
        {
            await Task.Delay(GraceForPlaces, CancellationToken.None);
            decision = await TryReserveAsync(exchange, limits, nanoUsd);
        }

        if (decision is null)
        {
            known.Show(exchange, limits);
            return limits.Reservation is null ? LimitErrors.Unavailable : null;
        }

        RateLimitHeaders.Write(exchange, limits.Subjects, decision.Standings);
        if (decision.Refusal is { } refusal)
        {
            return Refuse(exchange, limits, refusal);
        }

        if (exchange.BrokenOff is { } broken)
        {
            GiveBack(limits, default);
            return broken;
        }

        return null;
    }

    /// <summary>The decision; null: there is none, and <see cref="RequestLimits.Reservation"/> tells whether the request may go on.</summary>
    private async ValueTask<LimitDecision?> TryReserveAsync(Exchange exchange, RequestLimits limits, long nanoUsd)
    {
        var reservation = new Reservation
        {
            Id = ReservationIds.Next(),
            Subjects = limits.Subjects,
            Slots = limits.Size.Slots,
            Tokens = limits.HasTokens ? limits.Size.Tokens : 0,
            NanoUsd = nanoUsd,
        };
        if (limits.HasWaited || IsStoreAway)
        {
            return await ReserveAloneAsync(exchange, limits, reservation);
        }

        var started = metrics.Begin();
        try
        {
            var decision = await ledger.ReserveAsync(reservation, CancellationToken.None);
            metrics.End(started, "reserve", worked: true);
            known.Note(limits.Subjects, decision);
            if (store is not null && limits.HasBudget)
            {
                local.Adopt(limits.Subjects, decision);
            }

            if (decision.IsAdmitted)
            {
                Run(limits, reservation, local: null);
            }

            return decision;
        }
        catch (StoreUnavailableException)
        {
            metrics.End(started, "reserve", worked: false);
            limits.HasWaited = true;
        }

        var alone = await ReserveAloneAsync(exchange, limits, reservation);
        if (limits.Reservation is null)
        {
            // The store may have made the reservation all the same.
            settlements.Add(reservation, default);
        }

        return alone;
    }

    /// <summary>The store is away. It is told when it is back what is used meanwhile, whoever has let it pass.</summary>
    private async ValueTask<LimitDecision?> ReserveAloneAsync(Exchange exchange, RequestLimits limits, Reservation reservation)
    {
        var mode = exchange.State.Model.Config.Limits.OnStoreFailure;
        metrics.Unshared(mode.ToString());
        switch (mode)
        {
            case StoreFailureMode.Open:
                Run(limits, reservation, local: null);
                return null;
            case StoreFailureMode.Closed:
                return null;
            default:
                var (share, decision) = await local.ReserveAsync(reservation);
                if (decision.IsAdmitted)
                {
                    Run(limits, reservation, share);
                }

                return decision;
        }
    }

    private void Run(RequestLimits limits, Reservation reservation, Reservation? local)
    {
        limits.Reservation = reservation;
        limits.Local = local;
        running.Add(reservation, local);
    }

    private void GiveBack(RequestLimits limits, Settlement used)
    {
        var reservation = limits.Reservation!;
        running.Remove(reservation);
        if (limits.Local is { } share)
        {
            // In memory: it is done when the call returns.
            _ = local.Ledger.SettleAsync(share, used, CancellationToken.None).AsTask();
        }

        settlements.Add(reservation, used);
        limits.Reservation = null;
        limits.Local = null;
    }

    private ApiError Refuse(Exchange exchange, RequestLimits limits, LimitRefusal refusal)
    {
        metrics.Refused(refusal.Kind, limits.Find(refusal.SubjectId).Scope);
        return LimitErrors.Of(exchange, limits, refusal);
    }
}
