using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Budgets and rate limits, which Bifrost keeps in lists of their own.</summary>
internal sealed class BifrostLimits(SourceValue governance)
{
    private const decimal Minute = 60;

    /// <summary>The limits that something refers to by <c>rate_limit_id</c>.</summary>
    public LimitsConfig LimitsOf(SourceValue owner)
    {
        var id = owner.TakeText("rate_limit_id");
        var limit = owner.TakeMap("rate_limit") ?? Find("rate_limits", id);
        if (limit is null)
        {
            return id is null ? new LimitsConfig() : NothingFor(owner, "rate_limit_id");
        }

        Counters(limit, "token_current_usage", "token_last_reset", "request_current_usage", "request_last_reset", "calendar_aligned");
        return new LimitsConfig
        {
            RequestsPerMinute = ImportedLimits.TakeRequests(limit, "request_max_limit", PerMinute("request_reset_duration", limit)),
            TokensPerMinute = ImportedLimits.TakeTokens(limit, "token_max_limit", PerMinute("token_reset_duration", limit)),
        };
    }

    /// <summary>The budget of something: its own, one that it refers to, or one that refers to it.</summary>
    /// <param name="owner">The key, or a part of it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="reference">What a budget calls that.</param>
    public BudgetConfig? BudgetOf(SourceValue owner, string? id, string reference)
    {
        var ids = owner.TakeTexts("budget_ids").Concat(owner.TakeTexts("budget_id")).ToList();
        var budgets = owner.TakeList("budgets").Concat(governance.LookInto("budgets").Where(
            b => b.Find("id") is { } of && ids.Contains(of.Text) || (id is not null && b.Find(reference)?.Text == id)))
            .Where(static b => b.Kind == SourceKind.Map).ToList();
        if (budgets.Count > 1)
        {
            owner.Notes.AddByHand(
                owner, "several budgets hold there, here one: the smallest sum, for the longest of the periods, so that nobody spends " +
                "more");
        }

        if (ids.Any(i => !budgets.Exists(b => b.Find("id")?.Text == i)))
        {
            owner.Notes.AddByHand(owner, "there is no budget of this id: nothing may be spent until somebody says how much");
            return ImportedTerms.Budget(0, null, owner);
        }

        return budgets.Select(b => Read(b, reference)).Aggregate((BudgetConfig?)null, ImportedTerms.Both);
    }

    private static BudgetConfig? Read(SourceValue budget, string reference)
    {
        budget.Take("id");
        budget.Take(reference);
        Counters(budget, "current_usage", "last_reset", "calendar_aligned");
        var period = budget.TakeText("reset_duration");
        return ImportedTerms.Budget(ImportedLimits.TakeUsd(budget, "max_limit"), period, budget);
    }

    private static LimitsConfig NothingFor(SourceValue owner, string reference)
    {
        var at = owner.Find(reference)!;
        at.Notes.AddByHand(at, "there is no limit of this id: nothing is let through until somebody says how much");
        return new LimitsConfig { RequestsPerMinute = 0 };
    }

    private SourceValue? Find(string list, string? id)
    {
        var found = id is null ? null : governance.LookInto(list).FirstOrDefault(l => l.Find("id")?.Text == id);
        found?.Take("id");
        return found;
    }

    // What a limit is in a minute: whole, and never more.
    private static Func<SourceValue, decimal, decimal> PerMinute(string member, SourceValue limit)
    {
        var period = limit.TakeText(member);
        return (at, count) =>
        {
            if (period is null || ImportedTerms.Seconds(period) is not { } seconds)
            {
                at.Notes.AddByHand(at, $"nobody knows for how long it is ({member}): nothing is let through until somebody says how much");
                return 0;
            }

            var perMinute = count * Minute / (decimal)seconds;
            var whole = decimal.Floor(perMinute);
            if (whole != perMinute)
            {
                at.Notes.AddByHand(at, whole > 0
                    ? $"AiRouter's limits are for a minute: {whole}, which is less than {count} in {period}"
                    : $"AiRouter's limits are for a minute, and {count} in {period} is less than one: nothing is let through until " +
                        "somebody says how much");
            }
            else if (whole > 0 && seconds != (double)Minute)
            {
                at.Notes.Add(at, $"AiRouter's limits are for a minute: {whole}, which is as many on average" +
                    (seconds < (double)Minute ? ", but they may come at once" : ""));
            }

            return whole;
        };
    }

    // How much of it is used is counted anew.
    private static void Counters(SourceValue value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            value.Take(name);
        }
    }
}
