using System.Globalization;
using AiRouter.Api.Endpoints;
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
    public static void Write(Exchange exchange, IReadOnlyList<LimitSubject> subjects, IReadOnlyList<LimitStanding> standings)
    {
        exchange.ShowsLimits = true;
        var response = exchange.Http.Response;
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

        var headers = response.Headers;
        if (requests.IsAny)
        {
            headers["x-ratelimit-limit-requests"] = Number(requests.Limit);
            headers["x-ratelimit-remaining-requests"] = Number(requests.Remaining);
            headers["x-ratelimit-reset-requests"] = Duration(requests.Reset);
        }

        if (tokens.IsAny)
        {
            headers["x-ratelimit-limit-tokens"] = Number(tokens.Limit);
            headers["x-ratelimit-remaining-tokens"] = Number(tokens.Remaining);
            headers["x-ratelimit-reset-tokens"] = Duration(tokens.Reset);
        }
    }

    /// <summary>As OpenAI writes it, rounded up to milliseconds: <c>0s</c>, <c>17ms</c>, <c>1.5s</c>, <c>6m0s</c>, <c>1h0m0s</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(Math.Max(0, time.TotalMilliseconds));
        if (milliseconds is > 0 and < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, stackalloc char[8], $"{milliseconds}ms");
        }

        var (minutes, rest) = Math.DivRem(milliseconds, 60_000);
        var (seconds, fraction) = Math.DivRem(rest, 1000);
        Span<char> digits = stackalloc char[4];
        var decimals = Decimals(fraction, digits);
        return minutes switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, stackalloc char[16], $"{seconds}{decimals}s"),
            < 60 => string.Create(CultureInfo.InvariantCulture, stackalloc char[16], $"{minutes}m{seconds}{decimals}s"),
            _ => string.Create(CultureInfo.InvariantCulture, stackalloc char[40], $"{minutes / 60}h{minutes % 60}m{seconds}{decimals}s"),
        };
    }

    /// <summary>Thousandths behind the point, without zeros at their end.</summary>
    private static ReadOnlySpan<char> Decimals(long thousandths, Span<char> digits)
    {
        if (thousandths == 0)
        {
            return [];
        }

        digits[0] = '.';
        thousandths.TryFormat(digits[1..], out _, "000", CultureInfo.InvariantCulture);
        return digits.TrimEnd('0');
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
