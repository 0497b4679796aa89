using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Models;

/// <summary>A model as it is edited.</summary>
/// <param name="Name">Its name; null: it is new.</param>
/// <param name="Config">As it is stored.</param>
/// <param name="Tag">Tells whether it is another one when it is saved; null: it is new.</param>
/// <param name="Document">The document that it is in: what can be referred to. Never to be shown as it is.</param>
public sealed record EditedModel(string? Name, ModelConfig Config, string? Tag, RouterConfig Document)
{
    /// <summary>Why nothing can be changed here (R35); null: it can.</summary>
    public string? WhyReadOnly { get; init; }

    /// <summary>The fields of the document that routers' environments set.</summary>
    internal IReadOnlyList<FieldLock> Locks { get; init; } = [];

    /// <summary>The names of the prompt formats that there are.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];
}

/// <summary>A model to be saved.</summary>
/// <param name="Name">The name that it is to have.</param>
/// <param name="Config">As it is to be.</param>
internal sealed record ModelSave(string Name, ModelConfig Config)
{
    /// <summary>The name that it has; null: it is new.</summary>
    public string? OldName { get; init; }

    /// <summary>What it was when it was read; null: whatever it is now is replaced.</summary>
    public string? Tag { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Comment { get; init; }
}

/// <summary>Who names a model.</summary>
/// <param name="Places">Places of the document.</param>
/// <param name="Keys">Names of client keys.</param>
/// <param name="Obstacles">What would be wrong in a document without the model: it cannot be removed before that is mended.</param>
/// <param name="Heir">The model that would answer for its name without it; null: none.</param>
public sealed record ModelUses(
    IReadOnlyList<string> Places, IReadOnlyList<string> Keys, IReadOnlyList<ConfigurationProblem> Obstacles, string? Heir);
