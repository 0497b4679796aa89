using System.Text;
using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Components.Shared.Comparing;
using AiRouter.Admin.Components.Shared.Forms;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Radzen;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>A section of the document as a form.</summary>
/// <typeparam name="T">The section's record.</typeparam>
public sealed partial class SectionForm<T>
    where T : class, new()
{
    private ElementReference _notice;
    private EditedSection<T>? _section;
    private RecordForm? _form;
    private ManagementFailure? _failure;
    private string? _comment;
    private bool _isSaving;

    /// <summary>Which section.</summary>
    [Parameter, EditorRequired]
    public RecordSection<T> Part { get; set; } = null!;

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What it is for.</summary>
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Its fields, made with the document that they stand in.</summary>
    [Parameter]
    public RenderFragment<ConfigurationStanding>? ChildContent { get; set; }

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private SectionEditor Editor { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    private bool IsUnsaved => _form is { IsChanged: true, IsReadOnly: false };

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync()
    {
        var read = await Session.ReadAsync(cancellationToken => Editor.ReadAsync(Part, cancellationToken));
        _failure = read.Failure;
        if (read.Value is { } section)
        {
            Show(section, section.Value);
        }
    }

    private void Show(EditedSection<T> section, T value)
    {
        _section = section;
        var isLost = section.Standing.Missing is not null && section.Standing.IsStored;
        _form = RecordForm.Of(value, section.Standing.ReadOnly is not null || isLost || !Session.Can(AdminRole.Editor));
        _form.Lock(SectionLocks.Of(section.Standing.Locks, Part.Section));
    }

    private async Task SaveAsync()
    {
        var (value, problems) = _form!.Read<T>(Part.Section);
        if (value is null)
        {
            await ShowAsync(ManagementFailure.Invalid(problems));
            return;
        }

        await SaveAsync(value);
    }

    private async Task SaveAsync(T value)
    {
        (_isSaving, _failure) = (true, null);
        var saved = await Session.ActAsync(AdminRole.Editor, (by, cancellationToken) =>
            Editor.SaveAsync(Part, _section!.Value, value, _comment, by, cancellationToken));
        _isSaving = false;
        StateHasChanged();
        if (saved.Failure is { Kind: FailureKind.Conflict })
        {
            await ResolveAsync(value);
        }
        else if (saved.Failure is { } failure)
        {
            await ShowAsync(failure);
        }
        else
        {
            _comment = null;
            Notifications.Done(saved.Value!.IsChanged
                ? $"Saved as version {saved.Value.Version}. The history can take it back."
                : "Nothing was changed: it was so already.");
            await ReadAsync();
        }
    }

    private async Task ResolveAsync(T wanted)
    {
        var read = await Session.ReadAsync(cancellationToken => Editor.ReadAsync(Part, cancellationToken));
        if (read.Value is not { } now)
        {
            await ShowAsync(read.Failure!);
            return;
        }

        var conflict = Conflict.OfJson(
            $"The section {Part.Section}",
            ConfigurationJson.WriteRecord(_section!.Value),
            ConfigurationJson.WriteRecord(now.Value),
            ConfigurationJson.WriteRecord(wanted)) with
        {
            By = now.Standing.By,
            At = now.Standing.At,
        };
        switch (await ConflictDialog.AskAsync(Dialogs, conflict))
        {
            case ConflictAnswer.TakeTheirs:
                Show(now, now.Value);
                break;
            case ConflictAnswer.SaveMine:
                Show(now, wanted);
                await SaveAsync(wanted);
                break;
            case ConflictAnswer.SaveBoth when RecordJson.Read<T>(Encoding.UTF8.GetBytes(conflict.Merged!), Part.Section).Record is { } both:
                Show(now, both);
                await SaveAsync(both);
                break;
        }
    }

    private async Task ShowAsync(ManagementFailure failure)
    {
        _failure = failure;
        _form!.Tell(failure.Errors, Part.Section);
        StateHasChanged();
        await _notice.FocusAsync();
    }

    private async Task LeaveAsync(LocationChangingContext leaving)
    {
        if (IsUnsaved && !await Confirm.AskAsync(Dialogs, "Leave without saving?", "What you changed here is lost.", "Leave"))
        {
            leaving.PreventNavigation();
        }
    }
}
