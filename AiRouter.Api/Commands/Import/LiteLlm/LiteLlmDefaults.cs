using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>What holds for every deployment that does not say otherwise.</summary>
internal sealed record LiteLlmDefaults
{
    private const string EnforcesRatesCheck = "enforce_model_rate_limits";

    public TimeoutsConfig Timeouts { get; private init; } = new();

    public BreakerConfig Breaker { get; private init; } = new();

    public RetryConfig Retry { get; private init; } = new();

    public TargetPolicy Policy { get; private init; } = TargetPolicy.Weighted;

    /// <summary>Parameters that a backend cannot do are left out.</summary>
    public bool DropsParameters { get; private init; }

    /// <summary>Rates of deployments are limits, not only shares.</summary>
    public bool EnforcesRates { get; private init; }

    /// <summary>Requests under way at a deployment at a time.</summary>
    public int? MostRequests { get; private init; }

    /// <summary>Members of <c>litellm_params</c> that every deployment has.</summary>
    public SourceValue? Parameters { get; private init; }

    /// <summary>Reads it: <c>router_settings</c> goes before <c>litellm_settings</c>.</summary>
    public static LiteLlmDefaults Read(SourceValue root)
    {
        var settings = root.TakeMap("litellm_settings") ?? Nothing;
        var router = root.TakeMap("router_settings") ?? Nothing;
        var general = root.TakeMap("general_settings") ?? Nothing;
        var attempts = TryInt(router, settings, "num_retries", 0, 100);
        var checks = ReadChecks(router);
        var strategy = router.TakeText("routing_strategy");
        return new LiteLlmDefaults
        {
            Timeouts = With(
                new TimeoutsConfig(),
                TryNumber(router, settings, "timeout", 86_400) ?? settings.TakeNumber("request_timeout", 0.1, 86_400),
                TryNumber(router, settings, "stream_timeout", 86_400)),
            Breaker = ReadBreaker(router, settings),
            Retry = attempts is { } tries ? new RetryConfig { Attempts = Math.Min(tries + 1, 10) } : new RetryConfig(),
            Policy = PolicyOf(strategy, router),
            DropsParameters = settings.TakeFlag("drop_params") is true,
            EnforcesRates = checks.Contains(EnforcesRatesCheck) ||
                strategy?.StartsWith("usage-based", StringComparison.Ordinal) is true,
            MostRequests = TryInt(router, general, "default_max_parallel_requests", 1, 1_000_000) ??
                general.TakeInt("max_parallel_requests", 1, 1_000_000),
            Parameters = router.TakeMap("default_litellm_params"),
        };
    }

    /// <summary>Deadlines with LiteLLM's two: for an answer as a whole, and between the pieces of a stream.</summary>
    public static TimeoutsConfig With(TimeoutsConfig timeouts, double? timeout, double? streamTimeout)
    {
        timeouts = timeout is { } whole
            ? timeouts with { FirstByte = whole, Idle = whole, Total = Math.Max(timeouts.Total, whole) }
            : timeouts;
        return streamTimeout is { } idle ? timeouts with { Idle = idle, Total = Math.Max(timeouts.Total, idle) } : timeouts;
    }

    // Nobody asks it for what it has not, so that it needs no place.
    private static SourceValue Nothing => new() { Kind = SourceKind.Map, Line = 0 };

    private static int? TryInt(SourceValue first, SourceValue second, string name, int least, int most)
    {
        var other = second.TakeInt(name, least, most);
        return first.TakeInt(name, least, most) ?? other;
    }

    private static double? TryNumber(SourceValue first, SourceValue second, string name, double most)
    {
        var other = second.TakeNumber(name, 0.1, most);
        return first.TakeNumber(name, 0.1, most) ?? other;
    }

    // A deployment is left alone when more than so many requests of a minute have failed.
    private static BreakerConfig ReadBreaker(SourceValue router, SourceValue settings)
    {
        var breaker = new BreakerConfig();
        if (TryInt(router, settings, "allowed_fails", 0, 999) is { } fails)
        {
            breaker = breaker with { Failures = fails + 1 };
        }

        if (TryNumber(router, settings, "cooldown_time", 3600) is { } seconds)
        {
            breaker = breaker with { Open = seconds, MaxOpen = Math.Max(breaker.MaxOpen, seconds) };
        }

        return router.TakeFlag("disable_cooldowns") is true ? breaker with { Enabled = false } : breaker;
    }

    // Responses always go back to who made them.
    private static IReadOnlyList<string> ReadChecks(SourceValue router)
    {
        var checks = router.TakeTexts("optional_pre_call_checks");
        if (checks.Any(static c => c is not EnforcesRatesCheck and not "responses_api_deployment_check"))
        {
            var at = router.Find("optional_pre_call_checks")!;
            at.Notes.Add(at, "only enforce_model_rate_limits and responses_api_deployment_check have an equivalent; policy: prefix keeps " +
                "conversations at one target");
        }

        return checks;
    }

    private static TargetPolicy PolicyOf(string? strategy, SourceValue router)
    {
        switch (strategy)
        {
            case null or "simple-shuffle":
                return TargetPolicy.Weighted;
            case "least-busy":
                return TargetPolicy.LeastBusy;
            case "latency-based-routing":
                return TargetPolicy.Latency;
            default:
                var at = router.Find("routing_strategy")!;
                at.Notes.Add(at, "AiRouter has no such policy: targets are chosen by their weights; priority says who is asked first");
                return TargetPolicy.Weighted;
        }
    }
}
