using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>What limits one request, and what has been reserved for it. Requests without limits have none.</summary>
internal sealed class RequestLimits
{
    private RequestLimits(LimitedSubject[] all)
    {
        var subjects = new LimitSubject[all.Length];
        for (var i = 0; i < all.Length; i++)
        {
            subjects[i] = all[i].Subject;
        }

        All = all;
        Subjects = subjects;
        foreach (var subject in subjects)
        {
            HasTokens |= subject.Limits.TokensPerMinute is not null;
            HasBudget |= subject.Budget is not null;
        }
    }

    /// <summary>Who is charged.</summary>
    public IReadOnlyList<LimitedSubject> All { get; private set; }

    /// <summary>The same for the ledger, in the same order.</summary>
    public IReadOnlyList<LimitSubject> Subjects { get; private set; }

    /// <summary>One of them limits tokens.</summary>
    public bool HasTokens { get; private set; }

    /// <summary>One of them limits money.</summary>
    public bool HasBudget { get; private set; }

    /// <summary>What the request comes to has to be known before it is dispatched, and bounded (R32).</summary>
    public bool NeedsSize => HasTokens || HasBudget;

    /// <summary>What was reserved, as the shared ledger is to know it; null: nothing (any more).</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>What was reserved in this process alone, because the store was away.</summary>
    public Reservation? Local { get; set; }

    /// <summary>What was measured for the reservation.</summary>
    public RequestSize Size { get; set; }

    /// <summary>The store has kept this request waiting in vain: it is not asked again.</summary>
    public bool HasWaited { get; set; }

    /// <summary>What limits a request whose model is known (or that has none); null: nothing.</summary>
    public static RequestLimits? Of(Exchange exchange) => exchange.Model is { } model
        ? Of(exchange, LimitedSubject.OfModel(model.Model), LimitedSubject.OfKeyModel(exchange.Client, model.Name))
        : OfClient(exchange);

    /// <summary>What limits it whatever its model is; null: nothing.</summary>
    public static RequestLimits? OfClient(Exchange exchange) => Of(exchange, model: null, keyModel: null);

    private static RequestLimits? Of(Exchange exchange, LimitedSubject? model, LimitedSubject? keyModel)
    {
        var global = LimitedSubject.OfAll(exchange.State.Model.Config.Limits);
        var key = LimitedSubject.OfKey(exchange.Client);
        var count = One(global) + One(key) + One(model) + One(keyModel);
        if (count == 0)
        {
            return null;
        }

        var limited = new LimitedSubject[count];
        var at = 0;
        foreach (var subject in (ReadOnlySpan<LimitedSubject?>)[global, key, model, keyModel])
        {
            if (subject is not null)
            {
                limited[at++] = subject;
            }
        }

        return new RequestLimits(limited);

        static int One(LimitedSubject? subject) => subject is null ? 0 : 1;
    }

    /// <summary>What limits a request that has neither tokens nor a price; null: nothing.</summary>
    public static RequestLimits? OfObject(Exchange exchange)
    {
        if (Of(exchange) is not { } limits)
        {
            return null;
        }

        LimitedSubject[] counted = [.. limits.All.Where(s => s.WithoutTokens is not null)];
        return counted.Length == 0 ? null : new RequestLimits(counted)
        {
            Subjects = [.. counted.Select(s => s.WithoutTokens!)],
            HasTokens = false,
            HasBudget = false,
        };
    }

    /// <summary>The one with this id.</summary>
    public LimitedSubject Find(string id)
    {
        foreach (var subject in All)
        {
            if (subject.Subject.Id == id)
            {
                return subject;
            }
        }

        throw new ArgumentException($"The ledger speaks of a subject that it was not asked about: {id}.", nameof(id));
    }

    /// <summary>The limits of one as they were asked about.</summary>
    public LimitsConfig LimitsOf(int index) => Subjects[index].Limits;
}
