using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Makes one model of all deployments of a name.</summary>
internal static class LiteLlmModels
{
    /// <summary>The model.</summary>
    /// <param name="deployments">At least one, in the order of the file.</param>
    /// <param name="defaults">What holds for all.</param>
    public static ModelConfig Of(IReadOnlyList<LiteLlmDeployment> deployments, LiteLlmDefaults defaults)
    {
        var first = deployments[0];
        var shares = LiteLlmShares.Of(deployments, defaults.Policy);
        var asked = deployments.Max(static d => d.DefaultMaxTokens);
        var most = deployments.Min(static d => d.MaxOutputTokens);
        var attempts = deployments.Max(static d => d.Attempts);
        var limit = new TokenLimitConfig { Default = asked, Max = most < asked ? asked : most };
        if (deployments.Select(static d => d.Price).OfType<PriceConfig>().Distinct().Count() > 1)
        {
            first.Entry.Notes.Add(first.Entry, "deployments of one model have different prices: the highest of each kind is taken for all");
        }

        return new ModelConfig
        {
            Targets =
            [
                .. deployments.Select((d, i) => d.Target with
                {
                    Weight = shares[i].Weight,
                    Priority = shares[i].Priority,
                }),
            ],
            Policy = defaults.Policy,
            Retry = attempts is { } tries ? defaults.Retry with { Attempts = Math.Min(tries, 10) } : defaults.Retry,
            Operations = deployments.All(static d => d.Operations is not null)
                ? [.. deployments.SelectMany(static d => d.Operations!).Distinct(StringComparer.Ordinal)]
                : null,
            MaxInputTokens = deployments.Min(static d => d.MaxInputTokens),
            MaxTokens = limit,
            Price = PriceOf(deployments),
            Limits = LimitsOf(deployments, defaults, limit),
            UnsupportedParameters = deployments.Any(d => d.IsTranslated && (defaults.DropsParameters || d.DropsParameters))
                ? UnsupportedParameters.Drop
                : UnsupportedParameters.Reject,
        };
    }

    private static PriceConfig? PriceOf(IReadOnlyList<LiteLlmDeployment> deployments)
    {
        var prices = deployments.Select(static d => d.Price).OfType<PriceConfig>().ToList();
        return prices.Count == 0 ? null : new PriceConfig
        {
            Input = prices.Max(static p => p.Input),
            CachedInput = prices.Max(static p => p.CachedInput),
            Output = prices.Max(static p => p.Output),
            PerRequest = prices.Max(static p => p.PerRequest),
            PerGpuSecond = prices.Max(static p => p.PerGpuSecond),
        };
    }

    private static LimitsConfig LimitsOf(IReadOnlyList<LiteLlmDeployment> deployments, LiteLlmDefaults defaults, TokenLimitConfig limit)
    {
        var entry = deployments[0].Entry;
        var hasRates = deployments.Any(static d => d.RequestsPerMinute is not null || d.TokensPerMinute is not null);
        if (!defaults.EnforcesRates)
        {
            if (hasRates)
            {
                entry.Notes.Add(entry, "rpm and tpm are taken for the shares of the deployments, as LiteLLM does, not for limits");
            }

            return new LimitsConfig();
        }

        var requests = deployments.Sum(static d => (long?)d.RequestsPerMinute);
        var tokens = deployments.Sum(static d => d.TokensPerMinute);
        if (tokens is not null && limit.Max is null && deployments.All(static d => d.TokensPerMinute is not null))
        {
            entry.Notes.AddByHand(
                entry, "tpm is not imported: limits.tokensPerMinute needs maxTokens.max at the model (model_info.max_output_tokens)");
        }

        return new LimitsConfig
        {
            RequestsPerMinute = deployments.All(static d => d.RequestsPerMinute is not null)
                ? (int?)Math.Clamp(requests.GetValueOrDefault(), 1, 10_000_000)
                : null,
            TokensPerMinute = limit.Max is not null && deployments.All(static d => d.TokensPerMinute is not null)
                ? Math.Clamp(tokens.GetValueOrDefault(), 1, 1_000_000_000_000)
                : null,
        };
    }
}
