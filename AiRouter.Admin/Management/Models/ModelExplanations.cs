using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Explaining;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Models;

/// <summary>What happens if a client asks for a model, by the stored document and keys.</summary>
internal sealed class ModelExplanations(ConfigurationEditor editor, KeyEditor keys)
{
    /// <summary>Explains.</summary>
    /// <param name="name">The model that the client names; null: none.</param>
    /// <param name="operation">What it asks of the model.</param>
    /// <param name="keyId">The id of its key; null: one that may do everything.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Outcome<ModelExplanation>> ExplainAsync(
        string? name, string operation, string? keyId, CancellationToken cancellationToken)
    {
        if (!Operations.WithModel.Contains(operation))
        {
            var known = string.Join(", ", Operations.WithModel.Order(StringComparer.Ordinal));
            return ManagementFailure.Invalid("operation", $"must be one of {known}");
        }

        var current = await editor.ReadAsync(cancellationToken);
        if (current.Failure is { } failure)
        {
            return failure;
        }

        var question = new ModelQuestion(name, operation);
        if (!string.IsNullOrEmpty(keyId))
        {
            var found = await keys.FindAsync(keyId, cancellationToken);
            if (found.Failure is { } missing)
            {
                return missing;
            }

            question = question with { Key = KeyMapping.Known(found.Value!), Standing = StandingOf(found.Value!.Status) };
        }

        return ModelExplainer.Explain(current.Value!.Config, question);
    }

    private static KeyStanding StandingOf(KeyStatus status) => status switch
    {
        KeyStatus.Disabled => KeyStanding.Disabled,
        KeyStatus.Expired => KeyStanding.Expired,
        KeyStatus.Revoked => KeyStanding.Revoked,
        _ => KeyStanding.Good,
    };
}
