using AiRouter.Admin.Management.BackendChecks;

namespace AiRouter.Admin.Components.Backends;

/// <summary>A model of a backend that can be added to the configuration.</summary>
/// <param name="Id">Its name at the backend.</param>
/// <param name="Operations">What it is for; null: whatever its backend can do.</param>
/// <param name="NeedsFormat">Whether a prompt format makes its prompts.</param>
public sealed record ModelChoice(string Id, IReadOnlyList<string>? Operations, bool NeedsFormat)
{
    /// <summary>A model that a Triton server has.</summary>
    public static ModelChoice Of(RepositoryModelView model) => new(
        model.Name,
        model.Contract switch
        {
            { Generates: true, Embeds: true } or null => null,
            { Embeds: true } => [Core.Configuration.Operations.Embeddings],
            { Transcribes: true } => [Core.Configuration.Operations.Transcriptions, Core.Configuration.Operations.Translations],
            _ => [Core.Configuration.Operations.Chat, Core.Configuration.Operations.Completions],
        },
        model.Contract?.Generates ?? true);

    /// <summary>A model that an <c>openai</c> backend lists.</summary>
    public static ModelChoice Of(UpstreamModel model) => new(model.Id, null, false);
}
