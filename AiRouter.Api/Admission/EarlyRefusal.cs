using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Admission;

/// <summary>
/// Refuses for the rate of requests before the body is read (R31): for what the ledger has said before, and, where a body is worth it,
/// for what it says now. The answer is the same as after the body.
/// </summary>
internal sealed class EarlyRefusal(ILimitLedger ledger, KnownStandings known, LimitMetrics metrics, IStore? store = null)
{
    /// <summary>From this size on a body is read only after the ledger was asked.</summary>
    private const long LargeBody = 64 * 1024;

    /// <summary>Before the body is read: whether the rate of requests already refuses (R31).</summary>
    public ValueTask<ApiError?> CheckAsync(Exchange exchange)
    {
        exchange.IsCheckedEarly = true;
        var isRefused = known.MayRefuse && IsRefused(exchange);
        return !isRefused && exchange.Http.Request.ContentLength is <= LargeBody
            ? default
            : CheckAsync(exchange, RequestLimits.OfClient(exchange));
    }

    /// <summary>
    /// An answer that comes before a decision has the headers all the same: as the request's subjects stood when they were last heard of.
    /// </summary>
    public void Show(Exchange exchange)
    {
        if (exchange is { IsCheckedEarly: true, ShowsLimits: false } && RequestLimits.OfClient(exchange) is { } limits)
        {
            known.Show(exchange, limits);
        }
    }

    private ValueTask<ApiError?> CheckAsync(Exchange exchange, RequestLimits? limits) =>
        limits is null ? default
        : RefusedUntil(limits) is { } refusal ? new(Refuse(exchange, limits, refusal))
        : exchange.Http.Request.ContentLength is <= LargeBody ? default
        : AskAsync(exchange, limits);

    private bool IsRefused(Exchange exchange) =>
        IsRefused(LimitedSubject.OfAll(exchange.State.Model.Config.Limits)) || IsRefused(LimitedSubject.OfKey(exchange.Client));

    private bool IsRefused(LimitedSubject? subject) => subject is not null && known.RefusedFor(subject.Subject) is not null;

    /// <summary>The refusal that lasts longest of those that are known to hold still.</summary>
    private LimitRefusal? RefusedUntil(RequestLimits limits)
    {
        var longest = default(LimitRefusal);
        foreach (var subject in limits.Subjects)
        {
            if (known.RefusedFor(subject) is { } wait && !(wait <= longest?.RetryAfter))
            {
                longest = new LimitRefusal(subject.Id, LimitKind.Requests, wait);
            }
        }

        return longest;
    }

    /// <summary>Asks the ledger whether there is room for one request more.</summary>
    private async ValueTask<ApiError?> AskAsync(Exchange exchange, RequestLimits limits)
    {
        var limited = limits.Subjects.Where(s => s.Limits.RequestsPerMinute is not null).ToList();
        if (limited.Count == 0 || store is { IsAvailable: false })
        {
            return null;
        }

        var look = new Reservation
        {
            Id = ReservationIds.Next(),
            Subjects =
            [
                .. limited.Select(s => new LimitSubject(
                    s.Id, new LimitsConfig { RequestsPerMinute = s.Limits.RequestsPerMinute }, Budget: null)),
            ],
        };
        var started = metrics.Begin();
        try
        {
            var decision = await ledger.CheckAsync(look, CancellationToken.None);
            metrics.End(started, "check", worked: true);
            known.NoteRefusal(look.Subjects, decision);
            if (decision.Refusal is { } refusal)
            {
                RateLimitHeaders.Write(exchange, look.Subjects, decision.Standings);
                return Refuse(exchange, limits, refusal);
            }
        }
        catch (StoreUnavailableException)
        {
            // The reservation that follows knows what then holds, and does not wait again.
            metrics.End(started, "check", worked: false);
            exchange.HasWaitedForStore = true;
        }

        return null;
    }

    private ApiError Refuse(Exchange exchange, RequestLimits limits, LimitRefusal refusal)
    {
        metrics.Refused(refusal.Kind, limits.Find(refusal.SubjectId).Scope);
        return LimitErrors.Of(exchange, limits, refusal);
    }
}
