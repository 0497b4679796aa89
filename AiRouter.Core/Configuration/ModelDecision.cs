using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration;

/// <summary>
/// Which model answers a request, or why none does. Routers decide by it, and <see cref="Explaining.ModelExplainer"/> explains by it, so
/// that the two cannot differ.
/// </summary>
/// <param name="Model">The model that answers, or would if it were not for the refusal; null: there is none.</param>
/// <param name="Refusal">Why the request is refused.</param>
public readonly record struct ModelDecision(ResolvedModel? Model, ModelRefusal Refusal)
{
    /// <summary>The longest name, as in the configuration: patterns match more, and names reach headers and log lines.</summary>
    public const int LongestName = 256;

    /// <summary>Decides.</summary>
    /// <param name="models">All models.</param>
    /// <param name="asked">The name that the request has; null: it has none.</param>
    /// <param name="operation">What is asked of the model (<see cref="Operations"/>).</param>
    /// <param name="client">Who asks; null: anybody.</param>
    public static ModelDecision Of(ModelResolver models, string? asked, string operation, ClientKey? client)
    {
        if (asked is not null && !IsName(asked))
        {
            return new ModelDecision(null, ModelRefusal.NoSuchName);
        }

        if (models.Resolve(asked, operation) is not { } model)
        {
            return new ModelDecision(null, asked is null ? ModelRefusal.NameMissing : ModelRefusal.NotFound);
        }

        // R10: permission is asked for the model that answers.
        if (client is not null && !client.MayUseModel(model.Name))
        {
            return new ModelDecision(model, ModelRefusal.NotAllowed);
        }

        return new ModelDecision(
            model,
            model.Model.Config.Operations is { } operations && !operations.Contains(operation)
                ? ModelRefusal.NotForOperation
                : ModelRefusal.None);
    }

    // No name has a control character, and a form that a backend gets could be ended by one (R11, R43).
    private static bool IsName(string asked) =>
        asked.Length <= LongestName && asked.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !asked.Contains('\x7f');
}

/// <summary>Why no model answers a request.</summary>
public enum ModelRefusal
{
    /// <summary>One does.</summary>
    None,

    /// <summary>The request names none, and the operation has no default model.</summary>
    NameMissing,

    /// <summary>The name is none that a model could have: too long, or with control characters.</summary>
    NoSuchName,

    /// <summary>No model has the name, no pattern fits it, and the default model does not stand in for it.</summary>
    NotFound,

    /// <summary>The key may not use the model.</summary>
    NotAllowed,

    /// <summary>The model is not for the operation.</summary>
    NotForOperation,
}
