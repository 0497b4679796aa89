using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>Adds models that a backend has to the document, each with the backend as its only target.</summary>
internal static class ModelImport
{
    /// <summary>The document with the models; refused when a name is taken.</summary>
    public static Outcome<RouterConfig> AddTo(RouterConfig config, IReadOnlyList<ImportedModel> imported)
    {
        var models = config.Models.ToDictionary(StringComparer.Ordinal);
        List<ConfigurationProblem> problems = [];
        foreach (var model in imported)
        {
            if (model.Name.Contains('*'))
            {
                problems.Add(new ConfigurationProblem($"models.{model.Name}", "a name with * is a pattern: give it another name", null));
            }
            else if (!models.TryAdd(model.Name, ConfigOf(model)))
            {
                problems.Add(new ConfigurationProblem($"models.{model.Name}", "there is a model of that name already: give it another one", null));
            }
        }

        return problems.Count > 0 ? ManagementFailure.Invalid(problems) : config with { Models = models };
    }

    private static ModelConfig ConfigOf(ImportedModel model)
    {
        var config = new ModelConfig
        {
            Operations = model.Operations,
            Targets = [new TargetConfig { Backend = model.Backend, Model = model.BackendModel == model.Name ? null : model.BackendModel }],
        };
        return model.PromptFormat is { } format ? config with { PromptFormat = format } : config;
    }
}

/// <summary>A model to be added.</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Backend">The backend that has it.</param>
/// <param name="BackendModel">Its name there.</param>
internal sealed record ImportedModel(string Name, string Backend, string BackendModel)
{
    /// <summary>What it is for; null: whatever its backend can do.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>How messages become a prompt; null: the default.</summary>
    public string? PromptFormat { get; init; }
}
