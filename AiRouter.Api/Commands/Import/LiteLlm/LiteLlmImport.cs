using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>LiteLLM's proxy: <c>config.yaml</c>, and client keys out of its database (docs/coming-from/litellm.md).</summary>
internal sealed class LiteLlmImport : IImport
{
    public string Name => "litellm";

    public string Title => "LiteLLM's config.yaml";

    public SourceSyntax Syntax => SourceSyntax.Yaml;

    public string? VariableMarker => LiteLlmVariables.Marker;

    public IReadOnlyDictionary<string, string> Reasons => LiteLlmReasons.ByName;

    public bool Recognises(SourceValue root) =>
        root.Has("model_list") || root.Has("litellm_settings") || root.Has("router_settings") || root.Has("general_settings");

    public void Import(ImportTask task)
    {
        var (root, imported, secrets) = (task.Root, task.Imported, task.Secrets);
        var defaults = LiteLlmDefaults.Read(root);
        var variables = new LiteLlmVariables(root, task.Environment);
        var backends = new LiteLlmBackends(root, defaults, variables, imported, secrets);
        var reader = new LiteLlmDeploymentReader(defaults, backends);
        var deployments = root.TakeList("model_list").Select(reader.Read).OfType<LiteLlmDeployment>()
            .SelectMany(static d => d.Names, static (d, name) => (
                Name: name.Public, Deployment: d with { Target = d.Target with { Model = name.AtBackend } })).ToList();
        foreach (var model in deployments.GroupBy(static d => d.Name))
        {
            var all = model.Select(static d => d.Deployment).ToList();
            imported.SetModel(model.Key, LiteLlmModels.Of(all, defaults), all[0].Entry);
        }

        TellParametersThatArePassed(root, defaults, imported);
        var settings = new LiteLlmSettings(root, variables, imported, secrets, task.Keys is not null);
        settings.Import();
        new LiteLlmFallbacks(root, imported).Import(settings.ImportAliases());
        if (task.Keys is { } keys)
        {
            var groups = deployments.SelectMany(static d => d.Deployment.Groups, static (d, group) => (group, d.Name)).Distinct()
                .ToLookup(static g => g.group, static g => g.Name);
            new LiteLlmKeys(imported, groups).Import(keys);
        }
    }

    private static void TellParametersThatArePassed(SourceValue root, LiteLlmDefaults defaults, ImportedConfiguration imported)
    {
        if (defaults.DropsParameters && imported.Backends.Values.Any(static b => b.Kind == BackendKind.OpenAi) &&
            root.Find("litellm_settings")?.Find("drop_params") is { } drop)
        {
            drop.Notes.Add(
                drop, "backends that speak the OpenAI API get what the client sent, and decide themselves; parameters.drop leaves one out");
        }
    }
}
