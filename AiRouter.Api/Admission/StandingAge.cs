using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>A standing some time later.</summary>
internal static class StandingAge
{
    /// <summary>As far as can be told without asking: what has left its window since then counts no more.</summary>
    public static LimitStanding After(this LimitStanding standing, TimeSpan age) => standing with
    {
        Requests = age < standing.RequestsReset ? standing.Requests : 0,
        RequestsReset = Left(standing.RequestsReset, age),
        Tokens = age < standing.TokensReset ? standing.Tokens : 0,
        TokensReset = Left(standing.TokensReset, age),
    };

    private static TimeSpan Left(TimeSpan reset, TimeSpan age) => reset > age ? reset - age : TimeSpan.Zero;
}
