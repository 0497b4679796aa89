namespace AiRouter.Core.Configuration.Explaining;

/// <summary>Says which of a model's fallbacks would be asked, and why others are passed over (R23).</summary>
internal static class FallbackExplainer
{
    /// <summary>Explains.</summary>
    public static IReadOnlyList<ExplainedFallback> Explain(
        RouterConfig config, ModelResolver models, RoutedModel from, ModelQuestion question) =>
    [
        .. from.Config.Fallbacks.Select(fallback =>
        {
            var other = models.Resolve(fallback.Model, question.Operation) is { IsDefault: false } found ? found : null;
            return new ExplainedFallback(
                fallback.Model, other?.Model.Name, fallback.On, Obstacle(config, from.Config, fallback, other, question));
        }),
    ];

    private static string? Obstacle(
        RouterConfig config, ModelConfig from, FallbackConfig fallback, ResolvedModel? other, ModelQuestion question)
    {
        if (other is null)
        {
            return "there is no such model";
        }

        var model = other.Model.Config;
        var usable = model.Targets.Where(static t => t.Weight > 0).ToList();
        return question.Key?.MayUseModel(other.Name) == false ? $"the key \"{question.Key.Name}\" may not use it"
            : model.Operations?.Contains(question.Operation) == false ? $"it is not for {question.Operation}"
            : usable.Count == 0 ? "all its targets are switched off"
            : !fallback.AllowExternal && IsOwn(config, from) && usable.All(t => IsExternal(config, t))
                ? "it is somebody else's service, and allowExternal is not set"
            : Budgets.Covering(config, question.Key, other.Name) is { } budget && model.Price is null
                ? $"it has no price, and {budget} covers the request"
            : null;
    }

    // One that is switched off takes no request anywhere.
    private static bool IsOwn(RouterConfig config, ModelConfig model) =>
        model.Targets.All(t => t.Weight == 0 || !IsExternal(config, t));

    private static bool IsExternal(RouterConfig config, TargetConfig target) =>
        config.Backends.GetValueOrDefault(target.Backend) is { } backend && BackendModel.IsSomebodyElses(backend);
}
