using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about limits, prices and budgets (R32-R34).</summary>
internal sealed class LimitValidation(RouterConfig config, ProblemList problems)
{
    /// <summary>What a model without operations of its own is for, as far as it generates text.</summary>
    private static readonly string[] Generating = [Operations.Chat, Operations.Completions, Operations.Responses];

    /// <summary>Checks all of it.</summary>
    public void Check(bool hasStore)
    {
        foreach (var (name, model) in config.Models)
        {
            CheckModel(model, ConfigPath.Root["models"][name]);
        }

        for (var i = 0; i < config.Keys.Count; i++)
        {
            CheckKey(config.Keys[i], ConfigPath.Root["keys"][i]);
        }

        if (config.Limits.Budget is not null)
        {
            WarnOfUnpriced(ConfigPath.Root["limits"]["budget"], static _ => true, "everything");
        }

        if (!hasStore)
        {
            foreach (var path in Budgets())
            {
                problems.Add(
                    path,
                    "a budget needs a store, which would remember over a restart what is spent: set ConnectionStrings__redis, or take " +
                    "the budget away");
            }
        }
    }

    private void CheckModel(ModelConfig model, ConfigPath path)
    {
        var generates = model.Operations is null || model.Operations.Any(o => Generating.Contains(o));
        if (model is { MaxTokens.Max: null } && generates && (model.Limits.TokensPerMinute is not null || model.Budget is not null))
        {
            problems.Add(
                path["maxTokens"],
                $"needs max, because {(model.Budget is null ? "limits.tokensPerMinute" : "budget")} is set: a request without a token " +
                "limit could come to anything");
        }

        if (model.Operations?.Contains(Operations.Realtime) is true &&
            (model.Limits.TokensPerMinute is not null || model.Budget is not null))
        {
            problems.Warn(
                path["operations"],
                "realtime sessions are refused, because nobody knows in advance what one will come to, and " +
                $"{(model.Budget is null ? "limits.tokensPerMinute" : "budget")} is set");
        }

        if (model is { Budget: not null, Price: null })
        {
            problems.Add(path["budget"], "needs price: without it nobody knows what a request costs");
        }
    }

    private void CheckKey(KeyConfig key, ConfigPath path)
    {
        var allowed = key.Models?.OfType<string>().Select(m => new WildcardPattern(m)).ToList();
        if (key.Budget is not null)
        {
            WarnOfUnpriced(path["budget"], name => MayUse(allowed, name), "the key");
        }

        foreach (var (pattern, limits) in key.ModelLimits)
        {
            NameValidation.CheckPattern(pattern, path["modelLimits"][pattern], problems);
            if (limits?.Budget is not null)
            {
                var matches = new WildcardPattern(pattern);
                WarnOfUnpriced(
                    path["modelLimits"][pattern]["budget"], name => MayUse(allowed, name) && Overlaps(matches, name), "the key");
            }
        }

        var isMeasured = key.Budget is not null || key.Limits.TokensPerMinute is not null;
        if (isMeasured && key.Operations?.FirstOrDefault(o => o is not null && Operations.WithoutModel.Contains(o)) is { } unmetered)
        {
            problems.Warn(
                path["operations"],
                $"{unmetered} is passed on without its tokens and costs being known: neither tokensPerMinute nor budget counts them");
        }

        if (isMeasured && key.Operations?.Contains(Operations.Realtime) is true)
        {
            problems.Warn(
                path["operations"],
                "realtime sessions are refused, because nobody knows in advance what one will come to, and the key has tokensPerMinute " +
                "or a budget");
        }
    }

    /// <summary>A pair of a budget and a model without a price is refused when it is asked for (R33): better known before.</summary>
    private void WarnOfUnpriced(ConfigPath path, Func<string, bool> covers, string whose)
    {
        var unpriced = config.Models.Where(m => m.Value.Price is null && covers(m.Key)).Select(m => m.Key).ToList();
        if (unpriced.Count > 0)
        {
            problems.Warn(
                path,
                $"requests to {string.Join(", ", unpriced.Take(5))}{(unpriced.Count > 5 ? ", …" : "")} are refused (403) under the budget " +
                $"of {whose}: {(unpriced.Count == 1 ? "the model has" : "these models have")} no price");
        }
    }

    private static bool MayUse(List<WildcardPattern>? allowed, string model) =>
        allowed is null || allowed.Any(pattern => Overlaps(pattern, model));

    /// <summary>Either may be a pattern.</summary>
    private static bool Overlaps(WildcardPattern pattern, string model) =>
        pattern.IsMatch(model) || new WildcardPattern(model).IsMatch(pattern.Pattern);

    private IEnumerable<ConfigPath> Budgets()
    {
        if (config.Limits.Budget is not null)
        {
            yield return ConfigPath.Root["limits"]["budget"];
        }

        foreach (var (name, _) in config.Models.Where(m => m.Value.Budget is not null))
        {
            yield return ConfigPath.Root["models"][name]["budget"];
        }

        for (var i = 0; i < config.Keys.Count; i++)
        {
            var path = ConfigPath.Root["keys"][i];
            if (config.Keys[i].Budget is not null)
            {
                yield return path["budget"];
            }

            foreach (var (pattern, _) in config.Keys[i].ModelLimits.Where(m => m.Value?.Budget is not null))
            {
                yield return path["modelLimits"][pattern]["budget"];
            }
        }
    }
}
