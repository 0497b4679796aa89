using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Validation;

namespace AiRouter.Core.Configuration.Explaining;

/// <summary>
/// Says what routers do with a request for a model (R10, R23, R33), by the same look-up and the same decision. What only shows when
/// the request is under way (health, load, limits that are used up) is not in it.
/// </summary>
public static class ModelExplainer
{
    private const int MostNearNames = 3;

    /// <summary>Explains.</summary>
    /// <param name="config">The document, checked.</param>
    /// <param name="question">Who asks for what.</param>
    public static ModelExplanation Explain(RouterConfig config, ModelQuestion question)
    {
        var models = ResolverOf(config);
        var asked = string.IsNullOrEmpty(question.Name) ? null : question.Name;
        var (found, refusal) = ModelDecision.Of(models, asked, question.Operation, question.Key);
        var explanation = new ModelExplanation
        {
            Asked = asked,
            Operation = question.Operation,
            Match = MatchOf(found),
            Model = found?.Model.Name,
            PublicName = found?.Name,
            NearNames = asked is not null && refusal == ModelRefusal.NotFound ? Near(asked, models) : [],
        };
        if (asked is not null && refusal != ModelRefusal.NoSuchName)
        {
            explanation = explanation with
            {
                AlsoFitting = [.. models.Fitting(asked).Select(static m => m.Name).Where(name => name != found?.Model.Name)],
                AcceptedBy = found is null or { IsDefault: true } ? models.Accepting(asked) : null,
            };
        }

        if (found is not null)
        {
            explanation = explanation with
            {
                Policy = found.Model.Config.Policy,
                Targets = Targets(config, found, question.Operation),
                Fallbacks = FallbackExplainer.Explain(config, models, found.Model, question),
            };
        }

        return explanation with { Refusal = RefusalExplainer.Explain(config, question, explanation, found, refusal) };
    }

    /// <summary>The look-up that routers have of a document.</summary>
    internal static ModelResolver ResolverOf(RouterConfig config) => new(
        config.Models.Select(static m => new RoutedModel(m.Key, m.Value, [])),
        DefaultsValidation.ByOperation(config.Defaults),
        config.Defaults.Accept);

    /// <summary>Whether a backend of a kind does an operation at all (R22).</summary>
    internal static bool Does(BackendKind kind, string operation) => kind switch
    {
        BackendKind.Triton => ModelValidation.OnTriton.Contains(operation),
        BackendKind.Anthropic => ModelValidation.OnAnthropic.Contains(operation),
        _ => true,
    };

    private static ModelMatch MatchOf(ResolvedModel? found) => found switch
    {
        null => ModelMatch.None,
        { IsDefault: true } => ModelMatch.Default,
        _ when found.Model.Name == found.Name => ModelMatch.Exact,
        _ => ModelMatch.Pattern,
    };

    private static IReadOnlyList<string> Near(string asked, ModelResolver models) =>
        NearMiss.FindAll(asked, models.All.Select(static m => m.Name).Where(static n => !n.Contains('*')), MostNearNames);

    private static IReadOnlyList<ExplainedTarget> Targets(RouterConfig config, ResolvedModel found, string operation)
    {
        var targets = found.Model.Config.Targets;
        var weights = targets.GroupBy(static t => t.Priority).ToDictionary(static g => g.Key, static g => g.Sum(static t => t.Weight));
        return
        [
            .. targets.Select((target, index) => Target(config, found, target, index, weights[target.Priority], operation))
                .OrderBy(static t => t.Weight == 0).ThenBy(static t => t.Priority).ThenBy(static t => t.Index),
        ];
    }

    private static ExplainedTarget Target(
        RouterConfig config, ResolvedModel found, TargetConfig target, int index, int weights, string operation)
    {
        var kind = config.Backends.GetValueOrDefault(target.Backend)?.Kind ?? default;
        return new ExplainedTarget(
            index,
            target.Backend,
            kind,
            target.NameAtBackend(found.Model.Name, found.Name),
            target.Priority,
            target.Weight,
            target.Weight == 0 ? 0 : (double)target.Weight / weights,
            Does(kind, operation) ? null : $"it is a Triton backend, and those do not do {operation}");
    }
}
