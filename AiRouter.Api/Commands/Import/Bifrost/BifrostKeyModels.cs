using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>What a virtual key may use of which provider, and how much.</summary>
internal sealed class BifrostKeyModels(BifrostProviders providers, BifrostLimits limits, bool emptyIsAll)
{
    private const string All = "*";

    /// <summary>
    /// Patterns of the models, null for all; and the limits of some, by pattern. Providers that are not named are not allowed.
    /// </summary>
    public (IReadOnlyList<string>? Models, IReadOnlyDictionary<string, KeyModelConfig> Limits) Read(SourceValue key)
    {
        var limited = new Dictionary<string, KeyModelConfig>(StringComparer.Ordinal);
        if (!key.Has("provider_configs") && emptyIsAll)
        {
            return (null, limited);
        }

        var models = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var config in key.TakeList("provider_configs").Where(static c => c.Kind == SourceKind.Map))
        {
            var provider = config.TakeText("provider") ?? "";
            if (!seen.Add(provider))
            {
                config.TakeAll();
                config.Notes.AddByHand(config, "not imported: what the key may use of this provider stands above");
                continue;
            }

            var limit = LimitOf(config);
            var names = NamesOf(config, provider, limit is not null);
            if (limit is not null && ImportedLimits.LetsNothingThrough(limit))
            {
                config.Notes.AddByHand(config, "a limit lets nothing through: the key may use none of the provider's models");
                continue;
            }

            models.AddRange(names);
            if (limit is not null)
            {
                limited[$"{provider}/{All}"] = limit;
            }
        }

        if (models.Count == 0)
        {
            key.Notes.Add(key, "the key may use no provider: it is switched off");
        }

        return ([.. models.Distinct(StringComparer.Ordinal)], limited);
    }

    private KeyModelConfig? LimitOf(SourceValue config)
    {
        var limit = limits.LimitsOf(config);
        var all = new KeyModelConfig
        {
            RequestsPerMinute = limit.RequestsPerMinute,
            TokensPerMinute = limit.TokensPerMinute,
            Budget = limits.BudgetOf(config, config.TakeText("id"), "provider_config_id"),
        };

        // Which of several targets answers is the model's own affair.
        config.Take("weight");
        if (config.TakeTexts("key_ids") is { Count: > 0 } ids && !ids.Contains(All))
        {
            var at = config.Find("key_ids")!;
            at.Notes.Add(at, "not imported: a key may use models, not single backends of them");
        }

        return all == new KeyModelConfig() ? null : all;
    }

    private IEnumerable<string> NamesOf(SourceValue config, string provider, bool isLimited)
    {
        var allowed = config.TakeTexts("allowed_models");
        var refused = config.TakeTexts("blacklisted_models");
        var own = $"{provider}/";
        var isAll = allowed.Contains(All) || (allowed.Count == 0 && emptyIsAll);
        if (refused.Contains(All))
        {
            return [];
        }

        if (!isAll)
        {
            if (allowed.Count == 0)
            {
                config.Notes.AddByHand(config, "the key may use none of the provider's models until allowed_models names some");
            }

            return allowed.Except(refused, StringComparer.OrdinalIgnoreCase).Select(m => own + m);
        }

        var names = providers.ModelsOf(provider);
        if (refused.Count > 0)
        {
            var at = config.Find("blacklisted_models")!;
            at.Notes.AddByHand(
                at, "nothing is taken out of a pattern: of the provider's models the key may use those that have a name here, and not " +
                "these");
            return names.Where(m => !m.Contains('*') && m.StartsWith(own, StringComparison.Ordinal))
                .Except(refused.Select(m => own + m), StringComparer.OrdinalIgnoreCase);
        }

        var others = names.Where(m => !m.StartsWith(own, StringComparison.Ordinal)).ToList();
        if (isLimited && others.Count > 0)
        {
            // A limit is found by the name that is asked for: by another one nobody would be limited.
            config.Notes.AddByHand(
                config, $"the key has limits of this provider: it may ask for its models with \"{own}\" before their names only");
            others = [];
        }

        return others.Prepend(own + All);
    }
}
