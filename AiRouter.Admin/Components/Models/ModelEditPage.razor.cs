using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Models;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Radzen;

namespace AiRouter.Admin.Components.Models;

/// <summary>Edits a model, or makes one (<c>?name=</c>; a new one can begin with <c>?backend=&amp;model=</c>).</summary>
public sealed partial class ModelEditPage
{
    private ElementReference _notice;
    private EditedModel? _model;
    private ModelForm? _form;
    private ModelUses? _uses;
    private ManagementFailure? _failure;
    private string? _why;
    private string? _comment;
    private bool _isSaving;
    private bool _isDone;

    /// <summary>The model; null: a new one.</summary>
    [SupplyParameterFromQuery]
    public string? Name { get; set; }

    /// <summary>A new model's first backend.</summary>
    [SupplyParameterFromQuery]
    public string? Backend { get; set; }

    /// <summary>What a new model is called there.</summary>
    [SupplyParameterFromQuery]
    public string? Model { get; set; }

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private ModelEditor Editor { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    private string Title => Name ?? "New model";

    private bool IsUnsaved => !_isDone && _form is { IsChanged: true, Fields.IsReadOnly: false };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_model is null || _model.Name != Name)
        {
            await ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        var read = await Session.ReadAsync(token => Editor.ReadAsync(Name, token));
        (_model, _failure, _uses) = (read.Value, read.Failure, null);
        _why = _model?.WhyReadOnly is { } why ? $"Models cannot be changed here. {why}"
            : Session.Can(AdminRole.Editor) ? null : "Your role is viewer: you can look, and not change anything.";
        _form = _model is null ? null : new ModelForm(
            _model, _why is not null, Name is null && Backend is not null ? new TargetConfig { Backend = Backend, Model = Model } : null);
    }

    private async Task NameChangedAsync()
    {
        if (_form!.IsRenamed && _uses is null && Name is { } name)
        {
            _uses = (await Session.ReadAsync(token => Editor.UsesAsync(name, token))).Value;
        }
    }

    private async Task SaveAsync()
    {
        if (_form!.Read(out var problems) is not { } config)
        {
            await ShowAsync(ManagementFailure.Invalid(problems));
            return;
        }

        await SaveAsync(new ModelSave(_form.Name, config) { OldName = _model!.Name, Tag = _model.Tag, Comment = _comment });
    }

    private async Task SaveAsync(ModelSave save)
    {
        (_isSaving, _failure) = (true, null);
        var saved = await Session.ActAsync(AdminRole.Editor, (by, token) => Editor.SaveAsync(save, by, token));
        _isSaving = false;
        if (saved.Failure is { Kind: FailureKind.Conflict })
        {
            StateHasChanged();
            await ResolveAsync(save);
        }
        else if (saved.Failure is { } failure)
        {
            _form!.Tell(failure.Errors);
            await ShowAsync(failure);
        }
        else
        {
            Leave(saved.Value!, $"The model {save.Name} is saved");
        }
    }

    private async Task DeleteAsync()
    {
        var read = await Session.ReadAsync(token => Editor.UsesAsync(Name!, token));
        if (read.Value is not { } uses)
        {
            await ShowAsync(read.Failure!);
            return;
        }

        if (uses.Obstacles.Count > 0)
        {
            await ShowAsync(new ManagementFailure(FailureKind.Refused, $"The model {Name} cannot be removed while it is named elsewhere. Change these first:")
            {
                Errors = uses.Obstacles,
            });
            return;
        }

        if (await Confirm.AskAsync(Dialogs, $"Remove the model {Name}?", ModelTexts.Removal(Name!, uses), "Remove"))
        {
            var removed = await Session.ActAsync(AdminRole.Editor, (by, token) => Editor.DeleteAsync(Name!, _model!.Tag!, by, token));
            if (removed.Failure is { } failure)
            {
                await ShowAsync(failure);
            }
            else
            {
                Leave(removed.Value!, $"The model {Name} is removed");
            }
        }
    }

    private void Leave(ConfigurationSaved saved, string text)
    {
        _isDone = true;
        Notifications.Done(saved.IsChanged ? $"{text} (version {saved.Version})." : "Nothing was changed: it was so already.");
        foreach (var warning in saved.Warnings)
        {
            Notifications.Notify(NotificationSeverity.Warning, "Not checked", warning);
        }

        Navigation.NavigateTo(ModelLinks.Table);
    }

    private async Task ShowAsync(ManagementFailure failure)
    {
        _failure = failure;
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
