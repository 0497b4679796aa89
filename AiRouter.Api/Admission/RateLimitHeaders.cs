using System.Globalization;
using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>
/// <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c> (<c>openai-api.md</c> §3): of the limits that cover the request, the
/// one of which the least is left (R33).
/// </summary>
internal static class RateLimitHeaders
{
    /// <summary>Every name, for browsers.</summary>
    public const string Names =
        "x-ratelimit-limit-requests, x-ratelimit-remaining-requests, x-ratelimit-reset-requests, " +
        "x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens";

    /// <summary>Sets them, as the subjects stand.</summary>
    public static void Write(HttpResponse response, IReadOnlyList<LimitSubject> subjects, IReadOnlyList<LimitStanding> standings)
    {
        if (response.HasStarted)
        {
            return;
        }

        var requests = default(Tightest);
        var tokens = default(Tightest);
        for (var i = 0; i < subjects.Count && i < standings.Count; i++)
        {
            var limits = subjects[i].Limits;
            var standing = standings[i];
            requests = requests.Or(limits.RequestsPerMinute, standing.Requests, standing.RequestsReset);
            tokens = tokens.Or(limits.TokensPerMinute, standing.Tokens, standing.TokensReset);
        }

        if (requests.IsAny)
        {
            response.Headers["x-ratelimit-limit-requests"] = Number(requests.Limit);
            response.Headers["x-ratelimit-remaining-requests"] = Number(requests.Remaining);
            response.Headers["x-ratelimit-reset-requests"] = Duration(requests.Reset);
        }

        if (tokens.IsAny)
        {
            response.Headers["x-ratelimit-limit-tokens"] = Number(tokens.Limit);
            response.Headers["x-ratelimit-remaining-tokens"] = Number(tokens.Remaining);
            response.Headers["x-ratelimit-reset-tokens"] = Duration(tokens.Reset);
        }
    }

    /// <summary>As OpenAI writes it, rounded up to milliseconds: <c>0s</c>, <c>17ms</c>, <c>1.5s</c>, <c>6m0s</c>, <c>1h0m0s</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(Math.Max(0, time.TotalMilliseconds));
        if (milliseconds is > 0 and < 1000)
        {
            return Number(milliseconds) + "ms";
        }

        var (minutes, rest) = Math.DivRem(milliseconds, 60_000);
        var seconds = (rest / 1000m).ToString("0.###", CultureInfo.InvariantCulture) + "s";
        return minutes switch
        {
            0 => seconds,
            < 60 => $"{minutes}m{seconds}",
            _ => $"{minutes / 60}h{minutes % 60}m{seconds}",
        };
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Tightest(long Limit, long Remaining, TimeSpan Reset, bool IsAny)
    {
        public Tightest Or(long? limit, long used, TimeSpan reset)
        {
            if (limit is not { } most)
            {
                return this;
            }

            var remaining = Math.Max(0, most - used);
            return !IsAny || remaining < Remaining || (remaining == Remaining && reset > Reset)
                ? new Tightest(most, remaining, reset, IsAny: true)
                : this;
        }
    }
}
