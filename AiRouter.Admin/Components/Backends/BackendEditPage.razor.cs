using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.BackendChecks;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Radzen;

namespace AiRouter.Admin.Components.Backends;

/// <summary>Edits a backend (<c>?name=</c>; with <c>&amp;test=true</c> it is tried out at once), or makes one.</summary>
public sealed partial class BackendEditPage
{
    private ElementReference _notice;
    private ElementReference _results;
    private EditedBackend? _edited;
    private BackendForm? _form;
    private FormState? _state;
    private ManagementFailure? _failure;
    private string? _why;
    private string? _comment;
    private string _began = "";
    private bool _isSaving;
    private bool _isDone;

    /// <summary>The backend; null: a new one.</summary>
    [SupplyParameterFromQuery]
    public string? Name { get; set; }

    /// <summary>Whether it is tried out at once.</summary>
    [SupplyParameterFromQuery(Name = "test")]
    public bool IsTested { get; set; }

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private BackendEditor Editor { get; set; } = null!;

    [Inject]
    private BackendCheck Check { get; set; } = null!;

    [Inject]
    private RepositoryControl Repositories { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    private string Title => Name ?? "New backend";

    private string? Subtitle => _edited switch
    {
        null => null,
        { Name: null } => "Where it is, and what is sent as its credential; everything else has a good default.",
        { UsedBy: [] } => "No model has a target there yet.",
        { UsedBy: var models } => $"Answers for {string.Join(", ", models.Take(5))}{(models.Count > 5 ? $" and {models.Count - 5} more" : "")}.",
    };

    private bool IsUnsaved => !_isDone && _form is not null && _state is { IsReadOnly: false } &&
        (_form.ToConfig().Config is { } config ? ConfigurationJson.WriteRecord(config) != _began : _form.Url.Length > 0);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_edited is not null && _edited.Name == Name)
        {
            return;
        }

        (_report, _repository, _isDone) = (null, null, false);
        await ReadAsync();
        if (IsTested && _form is not null && Session.Can(AdminRole.Admin))
        {
            await TestAsync();
        }
    }

    private async Task ReadAsync()
    {
        var read = await Session.ReadAsync(cancellationToken => Editor.ReadAsync(Name, cancellationToken));
        (_edited, _failure) = (read.Value, read.Failure);
        if (_edited is null)
        {
            return;
        }

        _why = _edited.WhyReadOnly is { } why ? $"Backends cannot be changed here. {why}"
            : Session.Can(AdminRole.Editor) ? null : "Your role is viewer: you can look, and not change anything.";
        var path = DocumentPath.Of("backends", Name ?? "");
        _state = new FormState
        {
            IsReadOnly = _why is not null,
            Locks = [.. _edited.Locks.Select(l => (DocumentPath.Inside(l.Path, path)!, $"Set by {l.Variable} in the environment of {string.Join(", ", l.Hosts)}."))],
        };
        _form = _edited.Config is { } config ? BackendForm.Of(Name!, config) : new BackendForm();
        _began = _edited.Config is null ? "" : ConfigurationJson.WriteRecord(_edited.Config);
    }

    // The backend as it was typed, or nothing, and what is wrong is shown.
    private async Task<BackendConfig?> FormAsync()
    {
        var (config, problems) = _form!.ToConfig();
        IReadOnlyList<ConfigurationProblem> all = [.. _state!.Complaints, .. problems];
        if (all.Count == 0)
        {
            return config;
        }

        await ShowAsync(ManagementFailure.Invalid(all));
        return null;
    }

    private async Task SaveAsync()
    {
        if (await FormAsync() is not { } config)
        {
            return;
        }

        if (Name is null && _form!.Name.Length == 0)
        {
            await ShowAsync(ManagementFailure.Invalid("name", "is missing: a short one, such as gpu-1"));
            return;
        }

        await SaveAsync(new BackendSave(Name ?? _form!.Name, config) { IsNew = Name is null, Tag = _edited!.Tag, Comment = _comment });
    }

    private async Task SaveAsync(BackendSave save)
    {
        (_isSaving, _failure) = (true, null);
        var saved = await Session.ActAsync(AdminRole.Editor, (by, cancellationToken) => Editor.SaveAsync(save, by, cancellationToken));
        _isSaving = false;
        if (saved.Failure is { Kind: FailureKind.Conflict })
        {
            await ResolveAsync(save);
        }
        else if (saved.Failure is { } failure)
        {
            await ShowAsync(failure);
        }
        else
        {
            Tell(saved.Value!, $"The backend {save.Name} is saved");
            _isDone = true;
            Navigation.NavigateTo(save.IsNew && Session.Can(AdminRole.Admin) ? BackendLinks.Tried(save.Name) : BackendLinks.List);
        }
    }

    private async Task DeleteAsync()
    {
        if (_edited!.UsedBy.Count > 0 || _edited.IsDefault)
        {
            await ShowAsync(new ManagementFailure(FailureKind.Refused, $"The backend {Name} cannot be removed while it is used. Change these first:")
            {
                Errors =
                [
                    .. _edited.UsedBy.Select(static m => new ConfigurationProblem(DocumentPath.Of("models", m), "has a target there", null)),
                    .. _edited.IsDefault ? [new ConfigurationProblem("defaults.backend", "names it", null)] : Array.Empty<ConfigurationProblem>(),
                ],
            });
            return;
        }

        if (!await Confirm.AskAsync(
            Dialogs, $"Remove the backend {Name}?", "Nothing uses it. Its stored credential is gone with it; the rest can be taken back from the history.", "Remove"))
        {
            return;
        }

        var removed = await Session.ActAsync(
            AdminRole.Editor, (by, cancellationToken) => Editor.DeleteAsync(Name!, _edited.Tag!, by, cancellationToken));
        if (removed.Failure is { } failure)
        {
            await ShowAsync(failure);
            return;
        }

        Tell(removed.Value!, $"The backend {Name} is removed");
        _isDone = true;
        Navigation.NavigateTo(BackendLinks.List);
    }

    private void Tell(ConfigurationSaved saved, string text) =>
        Notifications.Done(saved.IsChanged ? $"{text} (version {saved.Version})." : "Nothing was changed: it was so already.");

    private async Task ShowAsync(ManagementFailure failure)
    {
        _failure = failure;
        _state!.Tell(Name ?? _form!.Name, failure.Errors);
        StateHasChanged();
        await _notice.FocusAsync();
    }

    private async Task AskBeforeLeavingAsync(LocationChangingContext context)
    {
        if (IsUnsaved && !await Confirm.AskAsync(Dialogs, "Leave without saving?", "What you changed here is lost.", "Leave"))
        {
            context.PreventNavigation();
        }
    }
}
