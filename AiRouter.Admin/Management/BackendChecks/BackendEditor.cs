using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// Backends as a page edits them, one by one: others' changes of other backends at the same time are kept. Saves through
/// <see cref="ConfigurationEditor"/>, as REST does.
/// </summary>
internal sealed class BackendEditor(ConfigurationEditor editor, ConfigurationReview documents, AdminOptions options)
{
    /// <summary>A backend as it may be shown, with what its editor needs; a null name: for a new one.</summary>
    public async Task<Outcome<EditedBackend>> ReadAsync(string? name, CancellationToken cancellationToken)
    {
        var read = await documents.StandingAsync(cancellationToken);
        if (read.Failure is { } failure)
        {
            return failure;
        }

        var standing = read.Value!;
        var stored = name is null ? null : standing.Config.Backends.GetValueOrDefault(name);
        if (name is not null && stored is null)
        {
            return Missing(name);
        }

        var path = DocumentPath.Of("backends", name ?? "");
        return new EditedBackend(name, Shown.Of(standing.Config))
        {
            Tag = stored is null ? null : TagOf(stored),
            WhyReadOnly = standing.ReadOnly?.Detail,
            Locks = name is null ? [] : [.. standing.Locks.Where(l => DocumentPath.Inside(l.Path, path) is not null)],
            CanEncrypt = options.EncryptionKeys is not null,
        };
    }

    /// <summary>Makes a backend (no tag), or changes one that still is as it was read.</summary>
    public Task<Outcome<ConfigurationSaved>> SaveAsync(BackendSave save, AdminIdentity by, CancellationToken cancellationToken) =>
        editor.SaveAsync(
            new ConfigurationEdit(by, config => Obstacle(config, save) is { } obstacle
                ? obstacle
                : DocumentParts.Backends.WithEntry(config, save.Name, save.Config))
            {
                Comment = Comments.Cut(save.Comment),
            },
            cancellationToken);

    /// <summary>Removes a backend that still is as it was read.</summary>
    public Task<Outcome<ConfigurationSaved>> DeleteAsync(string name, string tag, AdminIdentity by, CancellationToken cancellationToken) =>
        editor.SaveAsync(
            new ConfigurationEdit(
                by, config => Late(config, name, tag) is { } late ? late : DocumentParts.Backends.WithEntry(config, name, null))
            {
                Comment = $"removed the backend {name}",
            },
            cancellationToken);

    /// <summary>Adds models that a backend has.</summary>
    public Task<Outcome<ConfigurationSaved>> ImportAsync(
        string backend, IReadOnlyList<ImportedModel> models, AdminIdentity by, CancellationToken cancellationToken) =>
        editor.SaveAsync(
            new ConfigurationEdit(by, config => ModelImport.AddTo(config, models))
            {
                Comment = models is [var only] ? $"added {only.Name} from {backend}" : $"added {models.Count} models from {backend}",
            },
            cancellationToken);

    private static ManagementFailure? Obstacle(RouterConfig config, BackendSave save) => save.IsNew
        ? config.Backends.ContainsKey(save.Name)
            ? new ManagementFailure(FailureKind.Refused, $"There is a backend \"{save.Name}\" already: edit that one, or take another name.")
            {
                Errors = [new ConfigurationProblem("name", "another backend has it", null)],
            }
            : null
        : Late(config, save.Name, save.Tag);

    // A null tag: whatever is there is replaced, by somebody who has seen it.
    private static ManagementFailure? Late(RouterConfig config, string name, string? tag) =>
        config.Backends.GetValueOrDefault(name) is not { } current
            ? Missing(name)
            : tag is null || TagOf(current) == tag ? null : new ManagementFailure(
                FailureKind.Conflict, $"Somebody else has changed the backend \"{name}\" since you opened it.")
            {
                CurrentVersion = TagOf(current),
            };

    private static string TagOf(BackendConfig backend) => ETags.Of(ConfigurationJson.WriteRecord(backend));

    private static ManagementFailure Missing(string name) => new(
        FailureKind.NotFound, $"There is no backend \"{name}\" (any more). The list of backends shows what there is.");
}

/// <summary>A backend while it is edited.</summary>
/// <param name="Name">Its name; null: a new one.</param>
/// <param name="Document">The document that it is in, without credentials.</param>
internal sealed record EditedBackend(string? Name, RouterConfig Document)
{
    /// <summary>The backend; null: a new one.</summary>
    public BackendConfig? Config => Name is null ? null : Document.Backends[Name];

    /// <summary>What tells whether it is another one now.</summary>
    public string? Tag { get; init; }

    /// <summary>Why nobody changes it here (R35).</summary>
    public string? WhyReadOnly { get; init; }

    /// <summary>Its fields that routers' environments set.</summary>
    public IReadOnlyList<FieldLock> Locks { get; init; } = [];

    /// <summary>Whether a credential can be stored.</summary>
    public bool CanEncrypt { get; init; }

    /// <summary>The models that have a target there.</summary>
    public IReadOnlyList<string> UsedBy => Name is not null && BackendUses.ByBackend(Document).TryGetValue(Name, out var models) ? models : [];

    /// <summary>Whether operations without a model go to it.</summary>
    public bool IsDefault => Name is not null && BackendUses.IsDefault(Document, Name);
}

/// <summary>A backend that is to be saved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Config">The backend.</param>
internal sealed record BackendSave(string Name, BackendConfig Config)
{
    /// <summary>Whether there is none of that name yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>What it must still be; null: whatever it is.</summary>
    public string? Tag { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Comment { get; init; }
}
