using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Limits;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Keys;

/// <summary>How much of one limit is used.</summary>
/// <param name="Label">The limit, such as <c>Requests in 60 s</c>.</param>
/// <param name="Share">How much of it is used; 1 is all.</param>
/// <param name="Text">The same in numbers: <c>12 of 3,000</c>.</param>
/// <param name="Hint">What else there is to know; null: nothing.</param>
public sealed record UseBar(string Label, double Share, string Text, string? Hint = null)
{
    private const double Tight = 0.8;

    /// <summary>How that is: all used is bad, nearly all worth a look.</summary>
    public StatusKind Kind => Share >= 1 ? StatusKind.Bad : Share >= Tight ? StatusKind.Warning : StatusKind.Good;

    /// <summary>Whole percent, at most 100.</summary>
    public int Percent => (int)Math.Clamp(Share * 100, 0, 100);

    /// <summary>The budget, if there is one; then what is limited by the minute and at a time.</summary>
    public static IReadOnlyList<UseBar> Of(LimitView view) => [.. Bars(view).OfType<UseBar>()];

    /// <summary>The one to show where there is room for one: what is used up or nearly, else the budget, else the first.</summary>
    public static UseBar? Foremost(LimitView view)
    {
        var bars = Of(view);
        return bars.MaxBy(static b => b.Share) is { Share: >= Tight } tight ? tight : bars is [var first, ..] ? first : null;
    }

    private static IEnumerable<UseBar?> Bars(LimitView view)
    {
        var (limits, used) = (view.Limits, view.Used);
        yield return view.Budget is { } budget ? Money(budget, used) : null;
        yield return Count("Requests in 60 s", used.Requests, limits.RequestsPerMinute);
        yield return Count("Tokens in 60 s", used.Tokens, limits.TokensPerMinute);
        yield return Count("Requests under way", used.Concurrent, limits.Concurrent);
    }

    private static UseBar? Count(string label, long used, long? most) => most is { } limit
        ? new UseBar(label, (double)used / limit, $"{Quantity.Count(used)} of {Quantity.Count(limit)}")
        : null;

    private static UseBar Money(BudgetConfig budget, LimitUse used)
    {
        var taken = used.SpentUsd + used.ReservedUsd;
        var hints = new[]
        {
            used.ReservedUsd > 0 ? $"{Quantity.Usd(used.ReservedUsd)} of it is reserved by requests under way." : null,
            used.UnsettledUsd > 0 ? $"{Quantity.Usd(used.UnsettledUsd)} of it is an upper bound: routers ended during requests." : null,
        };
        return new UseBar(
            $"Budget {KeyText.Of(budget.Per)}",
            (double)(taken / budget.Usd),
            $"{Quantity.Usd(taken)} of {Quantity.Usd(budget.Usd)}",
            string.Join(" ", hints.OfType<string>()) is { Length: > 0 } hint ? hint : null);
    }
}
