using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration.Explaining;

/// <summary>Which budget covers a request.</summary>
internal static class Budgets
{
    /// <summary>The first budget that covers what a key asks of a model, as a sentence names it; null: none does.</summary>
    public static string? Covering(RouterConfig config, ClientKey? key, string model) =>
        config.Limits.Budget is not null ? "the budget of everything (limits.budget)"
        : key?.Budget is not null ? $"the budget of the key \"{key.Name}\""
        : key?.ModelLimits.FirstOrDefault(m => m.Model.IsMatch(model)).Limits?.Budget is not null
            ? $"the budget of the key \"{key.Name}\" for this model"
        : null;
}
