using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration.Explaining;

/// <summary>Says which error a client gets, in the order in which routers check, and what an operator can do about it.</summary>
internal static class RefusalExplainer
{
    private const int MostPatterns = 10;

    /// <summary>The error; null: a target is asked.</summary>
    public static ExplainedRefusal? Explain(
        RouterConfig config, ModelQuestion question, ModelExplanation so, ResolvedModel? found, ModelRefusal refusal) =>
        OfKey(question) ?? OfModel(question, so, refusal) ?? OfTargets(so) ?? OfPrice(config, question.Key, found!);

    private static ExplainedRefusal? OfKey(ModelQuestion question)
    {
        if (question.Key is not { } key)
        {
            return null;
        }

        var why = question.Standing switch
        {
            KeyStanding.Good => null,
            KeyStanding.Expired => $"The key \"{key.Name}\" has expired.",
            KeyStanding.Disabled => $"The key \"{key.Name}\" is switched off.",
            _ => $"The key \"{key.Name}\" does not work any more.",
        };
        if (why is not null)
        {
            return new ExplainedRefusal(
                401, "invalid_api_key", why, question.Standing == KeyStanding.Disabled
                    ? "Switch the key on again, or use another one."
                    : "Give the client another key.");
        }

        return key.MayUseOperation(question.Operation) ? null : new ExplainedRefusal(
            403,
            "operation_not_allowed",
            $"The key \"{key.Name}\" may not use the operation {question.Operation}.",
            $"Add {question.Operation} to the operations of the key.");
    }

    private static ExplainedRefusal? OfModel(ModelQuestion question, ModelExplanation so, ModelRefusal refusal) => refusal switch
    {
        ModelRefusal.None => null,
        ModelRefusal.NameMissing => new ExplainedRefusal(
            400, null, $"The request names no model, and {so.Operation} has no default model.", $"Set a default model for {so.Operation}."),
        ModelRefusal.NoSuchName => new ExplainedRefusal(
            404,
            "model_not_found",
            $"No model can have this name: a name has at most {ModelDecision.LongestName} characters and no control characters.",
            "Let the client send a proper name."),
        ModelRefusal.NotAllowed => new ExplainedRefusal(
            403,
            "model_not_allowed",
            $"The key \"{question.Key!.Name}\" may not use {so.PublicName}: it may use {Patterns(question.Key)}.",
            $"Add {so.PublicName} to the models of the key."),
        ModelRefusal.NotForOperation => new ExplainedRefusal(
            400,
            "unsupported_operation",
            $"The model {so.Model} is not for {so.Operation}.",
            $"Ask another model, or add {so.Operation} to the operations of the model."),
        _ => new ExplainedRefusal(404, "model_not_found", NotFound(so), Mend(so)),
    };

    private static string NotFound(ModelExplanation so) => so.AcceptedBy is { } pattern
        ? $"No model has this name. defaults.accept has the pattern {pattern} that fits it, but {so.Operation} has no default model."
        : "No model has this name, no pattern fits it, and no pattern of defaults.accept lets the default model stand in for it.";

    private static string Mend(ModelExplanation so) => so.AcceptedBy is not null
        ? $"Set a default model for {so.Operation}."
        : (so.NearNames.Count > 0 ? $"Did you mean {string.Join(" or ", so.NearNames)}? Else add" : "Add") +
            " a model with this name or a pattern that fits it.";

    private static ExplainedRefusal? OfTargets(ModelExplanation so)
    {
        var asked = so.Targets.Where(static t => t.Weight > 0).ToList();
        return asked.Count > 0 && asked.All(static t => t.Obstacle is not null)
            ? new ExplainedRefusal(
                400,
                "unsupported_operation",
                $"None of the targets can do {so.Operation}: Triton backends do chat, completions, embeddings, " +
                "transcriptions and translations.",
                $"Ask another model for {so.Operation}, or add a target at an OpenAI-compatible backend.")
            : null;
    }

    private static ExplainedRefusal? OfPrice(RouterConfig config, ClientKey? key, ResolvedModel found) =>
        found.Model.Config.Price is null && Budgets.Covering(config, key, found.Name) is { } budget
            ? new ExplainedRefusal(
                403,
                "model_not_priced",
                $"The model {found.Model.Name} has no price, and {budget} covers the request: nobody could say what it costs.",
                "Give the model a price.")
            : null;

    private static string Patterns(ClientKey key) => key.Models switch
    {
        null or { Count: 0 } => "none",
        { Count: > MostPatterns } many => $"{string.Join(", ", many.Take(MostPatterns).Select(static m => m.Pattern))}, …",
        var few => string.Join(", ", few.Select(static m => m.Pattern)),
    };
}
