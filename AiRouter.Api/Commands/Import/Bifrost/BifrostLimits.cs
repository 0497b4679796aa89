using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Budgets and rate limits, which Bifrost keeps in lists of their own.</summary>
internal sealed class BifrostLimits(SourceValue governance)
{
    private const double Minute = 60;

    /// <summary>The limits that something refers to by <c>rate_limit_id</c>.</summary>
    public LimitsConfig LimitsOf(SourceValue owner)
    {
        var limit = owner.TakeMap("rate_limit") ?? Find("rate_limits", owner.TakeText("rate_limit_id"));
        if (limit is null)
        {
            return new LimitsConfig();
        }

        Counters(limit, "token_current_usage", "token_last_reset", "request_current_usage", "request_last_reset", "calendar_aligned");
        return new LimitsConfig
        {
            RequestsPerMinute = (int?)PerMinute(limit, "request_max_limit", "request_reset_duration", 10_000_000),
            TokensPerMinute = PerMinute(limit, "token_max_limit", "token_reset_duration", 1_000_000_000_000),
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
        foreach (var other in budgets.Skip(1))
        {
            other.TakeAll();
            other.Notes.Add(other, "not imported: a key has one budget, and another of it stands above");
        }

        if (budgets.FirstOrDefault() is not { } budget)
        {
            return null;
        }

        budget.Take("id");
        budget.Take(reference);
        Counters(budget, "current_usage", "last_reset", "calendar_aligned");
        var period = budget.TakeText("reset_duration");
        return ImportedTerms.Budget(budget.TakeDecimal("max_limit", 0, 1_000_000), period, budget);
    }

    private SourceValue? Find(string list, string? id)
    {
        var found = id is null ? null : governance.LookInto(list).FirstOrDefault(l => l.Find("id")?.Text == id);
        found?.Take("id");
        return found;
    }

    private static long? PerMinute(SourceValue limit, string member, string period, long most)
    {
        var seconds = limit.TakeText(period) is { } text ? ImportedTerms.Seconds(text) : Minute;
        if (limit.TakeWhole(member, 1, most) is not { } count)
        {
            return null;
        }

        if (seconds is null or Minute)
        {
            return count;
        }

        var perMinute = Math.Clamp((long)Math.Ceiling(count * Minute / seconds.Value), 1, most);
        var at = limit.Find(member)!;
        at.Notes.Add(at, $"AiRouter's limits are for a minute: {perMinute}, which is as many on average");
        return perMinute;
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
