using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Explaining;
using AiRouter.Prompting.Formats.Preview;

namespace AiRouter.Admin.Management.Models;

/// <summary>
/// Models as a page edits them, one by one: others' changes of other models at the same time are kept. Saves through
/// <see cref="ConfigurationEditor"/>, as REST does.
/// </summary>
internal sealed class ModelEditor(
    ConfigurationEditor editor, ConfigurationReview documents, KeyEditor keys, AdminOptions options)
{
    /// <summary>A model as it is stored, with what its editor needs; a null name: for a new one.</summary>
    public async Task<Outcome<EditedModel>> ReadAsync(string? name, CancellationToken cancellationToken)
    {
        var read = await documents.StandingAsync(cancellationToken);
        if (read.Failure is { } failure)
        {
            return failure;
        }

        var standing = read.Value!;
        var model = name is null ? null : standing.Config.Models.GetValueOrDefault(name);
        return name is not null && model is null
            ? Missing(name)
            : new EditedModel(name, model ?? new ModelConfig(), model is null ? null : TagOf(model), standing.Config)
            {
                WhyReadOnly = standing.ReadOnly?.Detail,
                Locks = standing.Locks,
                Formats = [.. FormatCatalog.Names(options.Checks.AssetFolders).Order(StringComparer.Ordinal)],
            };
    }

    /// <summary>Makes, changes or renames a model. A rename follows it wherever the document names it.</summary>
    public Task<Outcome<ConfigurationSaved>> SaveAsync(ModelSave save, AdminIdentity by, CancellationToken cancellationToken) =>
        editor.SaveAsync(
            new ConfigurationEdit(by, config => Change(config, save)) { Comment = Comments.Cut(save.Comment) }, cancellationToken);

    /// <summary>Removes a model that still is as it was read.</summary>
    public Task<Outcome<ConfigurationSaved>> DeleteAsync(string name, string tag, AdminIdentity by, CancellationToken cancellationToken) =>
        editor.SaveAsync(
            new ConfigurationEdit(
                by,
                config => Late(config, name, tag) is { } late ? late : DocumentParts.Models.WithEntry(config, name, null))
            {
                Comment = $"removed the model {name}",
            },
            cancellationToken);

    /// <summary>Who names a model, and what would be wrong without it.</summary>
    public async Task<Outcome<ModelUses>> UsesAsync(string name, CancellationToken cancellationToken)
    {
        var current = await editor.ReadAsync(cancellationToken);
        if (current.Failure is { } failure)
        {
            return failure;
        }

        var config = current.Value!.Config;
        var changed = DocumentParts.Models.WithEntry(config, name, null);
        var without = await editor.ValidateAsync(changed, cancellationToken);
        var named = (await keys.ListAsync(cancellationToken)).Where(k => k.Source == KeySource.Store && ModelReferences.Names(k, name));
        return new ModelUses(
            ModelReferences.Of(config, name),
            [.. named.Select(static k => k.Name)],
            without.Failure?.Errors ?? [],
            ModelExplainer.Explain(changed, new ModelQuestion(name, Operations.Chat)).Model);
    }

    /// <summary>What tells whether a model is another one now.</summary>
    public static string TagOf(ModelConfig model) => ETags.Of(ConfigurationJson.WriteRecord(model));

    private static Outcome<RouterConfig> Change(RouterConfig config, ModelSave save)
    {
        if (save.OldName is { } old && Late(config, old, save.Tag) is { } late)
        {
            return late;
        }

        if (save.Name != save.OldName && config.Models.ContainsKey(save.Name))
        {
            return new ManagementFailure(FailureKind.Refused, $"There is a model \"{save.Name}\" already: edit that one, or take another name.")
            {
                Errors = [new ConfigurationProblem("name", "another model has it", null)],
            };
        }

        if (save.OldName is { } before && before != save.Name)
        {
            config = ModelReferences.Renamed(DocumentParts.Models.WithEntry(config, before, null), before, save.Name);
        }

        return DocumentParts.Models.WithEntry(config, save.Name, save.Config);
    }

    // A null tag: whatever is there is replaced, by somebody who has seen it.
    private static ManagementFailure? Late(RouterConfig config, string name, string? tag) =>
        config.Models.GetValueOrDefault(name) is not { } current
            ? Missing(name)
            : tag is null || TagOf(current) == tag ? null : new ManagementFailure(
                FailureKind.Conflict, $"Somebody else has changed the model \"{name}\" since you opened it.")
            {
                CurrentVersion = TagOf(current),
            };

    private static ManagementFailure Missing(string name) => new(
        FailureKind.NotFound, $"There is no model \"{name}\" (any more): it was renamed or removed. The list of models shows what there is.");
}
