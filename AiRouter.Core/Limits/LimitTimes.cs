namespace AiRouter.Core.Limits;

/// <summary>
/// The times that both ledgers count by, in milliseconds. <c>Limits/ledger.lua</c> has the same ones.
/// </summary>
internal static class LimitTimes
{
    /// <summary>How long an amount counts.</summary>
    public const long Window = 60_000;

    /// <summary>
    /// Amounts of this long are one entry; they count from its end, so up to this much longer than a minute, never
    /// shorter.
    /// </summary>
    public const long Bucket = 100;

    /// <summary>How long a reservation lives without being renewed: <see cref="ILimitLedger.Lease"/>.</summary>
    public const long Lease = 30_000;

    /// <summary>
    /// How far a clock may step back without anything being written anew: what was counted then counts that much
    /// longer.
    /// </summary>
    public const long Step = 1_000;

    /// <summary>
    /// How far a clock may step back over the end of a budget period without the period beginning again.
    /// </summary>
    public const long PeriodStep = 3_600_000;

    /// <summary>The shortest estimate of when something ends.</summary>
    public const long ShortestEstimate = 1_000;

    /// <summary>The longest: then it is worth another look.</summary>
    public const long LongestEstimate = 60_000;

    /// <summary>How long the mean duration of a subject's requests is believed.</summary>
    public const long MeanLife = 60_000;

    /// <summary>How long a settled reservation is remembered, so that settling it again changes nothing.</summary>
    public const long SettledLife = 600_000;

    /// <summary>How long an expired one is, so that a late settlement corrects it.</summary>
    public const long ExpiredLife = 86_400_000;

    /// <summary>
    /// How long a subject without a budget is kept when nobody asks: longer than anything of it counts.
    /// </summary>
    public const long IdleLife = 150_000;

    /// <summary>How long one with a budget of a day, a week or a month is: a month and a margin.</summary>
    public const long BudgetLife = 40L * 86_400_000;
}
