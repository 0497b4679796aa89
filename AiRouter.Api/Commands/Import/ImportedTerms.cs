using System.Globalization;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import;

/// <summary>Money, periods and shares as other products write them.</summary>
internal static class ImportedTerms
{
    private const int MostWeight = 1000;

    private static readonly decimal[] Factors = [1, 10, 100, 1000];

    /// <summary>
    /// A budget for a period such as <c>30d</c>, <c>1mo</c> or <c>1M</c>; null: there is none, or nobody can say what it means. A period
    /// that AiRouter has not becomes the next longer one that it has: less may be spent, never more.
    /// </summary>
    public static BudgetConfig? Budget(decimal? usd, string? period, SourceValue at)
    {
        if (usd is not { } amount)
        {
            return null;
        }

        // Of nothing, nothing may be spent: the least that there is.
        amount = Math.Clamp(amount, 0.000001m, 1_000_000m);

        if (period is null)
        {
            return new BudgetConfig { Usd = amount, Per = BudgetPeriod.Total };
        }

        if (Seconds(period) is not { } seconds)
        {
            at.Notes.AddByHand(at, "the period of a budget is not understood: the budget is for all time");
            return new BudgetConfig { Usd = amount, Per = BudgetPeriod.Total };
        }

        var (per, isExact) = (seconds / 86_400) switch
        {
            <= 1 => (BudgetPeriod.Day, seconds == 86_400),
            <= 7 => (BudgetPeriod.Week, seconds == 7 * 86_400),
            <= 31 => (BudgetPeriod.Month, seconds >= 28 * 86_400),
            _ => (BudgetPeriod.Total, false),
        };
        if (!isExact)
        {
            at.Notes.Add(at, per == BudgetPeriod.Total
                ? "AiRouter's longest period is a month: this budget is for all time"
                : $"AiRouter has days, weeks and months: this budget is for a {per.ToString().ToLowerInvariant()}");
        }

        return new BudgetConfig { Usd = amount, Per = per };
    }

    /// <summary>One budget in the place of two, under which nobody spends more than under either; null: there is none.</summary>
    public static BudgetConfig? Both(BudgetConfig? one, BudgetConfig? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        _ => new BudgetConfig { Usd = Math.Min(one.Usd, other.Usd), Per = one.Per > other.Per ? one.Per : other.Per },
    };

    /// <summary>When a key ends; null: never. Of what is no moment, it has ended.</summary>
    public static DateTimeOffset? Expiry(SourceValue key, string name)
    {
        if (key.TakeText(name) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment;
        }

        var at = key.Find(name)!;
        at.Notes.AddByHand(at, "this is no moment: the key does not work until somebody says when it ends");
        return DateTimeOffset.UnixEpoch;
    }

    /// <summary>Seconds of <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>30d</c>, <c>1w</c>, <c>1mo</c>, <c>1M</c>, <c>1Y</c>.</summary>
    public static double? Seconds(string period)
    {
        var text = period.Trim();
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        if (!int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
        {
            return text is "daily" ? 86_400 : text is "weekly" ? 7 * 86_400 : text is "monthly" ? 30 * 86_400 : null;
        }

        double? unit = text[digits..] switch
        {
            "s" or "" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            "mo" or "M" => 30 * 86_400,
            "y" or "Y" => 365 * 86_400,
            _ => null,
        };
        return unit * count;
    }

    /// <summary>Shares as whole numbers of 0 to 1000, as small as they can be.</summary>
    public static IReadOnlyList<int> Weights(IReadOnlyList<decimal> shares)
    {
        var most = shares.DefaultIfEmpty().Max();
        if (most <= 0)
        {
            return [.. shares.Select(static _ => 1)];
        }

        // Written out, 0.7 and 0.3 are 7 and 3; what has too many digits becomes thousandths of the largest.
        var factor = most > 1_000_000_000 ? 0
            : Factors.FirstOrDefault(f => shares.All(s => s * f == decimal.Truncate(s * f)));
        var whole = shares.Select(s => factor > 0 ? (long)(s * factor) : Thousandths(s, most)).ToList();
        var divisor = whole.Aggregate(0L, GreatestDivisor);
        whole = [.. whole.Select(w => w / Math.Max(divisor, 1))];
        var largest = whole.Max();
        return [.. whole.Select(w => (int)(largest <= MostWeight ? w : Thousandths(w, largest)))];
    }

    // However small, a share is not none.
    private static long Thousandths(decimal share, decimal most) =>
        share == 0 ? 0 : Math.Max(1, (long)decimal.Round(share / most * MostWeight));

    private static long GreatestDivisor(long one, long other) => other == 0 ? one : GreatestDivisor(other, one % other);
}
