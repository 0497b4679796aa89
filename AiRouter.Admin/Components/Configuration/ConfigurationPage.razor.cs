using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Components.Shared.Comparing;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Radzen;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>The configuration as one document.</summary>
public sealed partial class ConfigurationPage
{
    private ConfigurationDraft? _draft;
    private ManagementFailure? _failure;
    private YamlEditor? _editor;
    private ProblemPanel? _panel;

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private ConfigurationReview Reviews { get; set; } = null!;

    [Inject]
    private ConfigurationEditor Configurations { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    // A store that lost its document takes one from an admin only (R36).
    private bool MayEdit => _draft is { Began: { ReadOnly: null } began } &&
        Session.Can(began.Missing is { Kind: FailureKind.Refused } ? AdminRole.Admin : AdminRole.Editor);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        if (await ReadAsync() is { } standing)
        {
            _draft = ConfigurationDraft.Of(standing);
            await CheckAsync(_draft.Text);
        }
    }

    private async Task<ConfigurationStanding?> ReadAsync()
    {
        var read = await Session.ReadAsync(Reviews.StandingAsync);
        _failure = read.Failure;
        return read.Value;
    }

    private async Task TypedAsync()
    {
        if (_editor is not null && await _editor.ReadAsync() is { } text)
        {
            _failure = null;
            await CheckAsync(text);
        }
    }

    private async Task CheckAsync(string text)
    {
        var draft = _draft!;
        draft.Write(text);
        StateHasChanged();

        // Reading and checking a large document takes a while: not on the circuit, which has keys to answer.
        var review = await Session.ActAsync(AdminRole.Viewer, (by, cancellationToken) => Task.Run(
            () => Reviews.ReviewAsync(WrittenConfiguration.OfYaml(text, "the text"), by, cancellationToken), cancellationToken));
        draft.Checked(text, review.Value);
        _failure ??= review.Failure;
        if (_editor is not null && text == draft.Text)
        {
            await _editor.MarkAsync(draft.Review?.Problems.Select(static p => p.Place?.Line ?? 0) ?? []);
        }
    }

    private async Task SaveAsync()
    {
        if (!MayEdit || _editor is null || await _editor.ReadAsync() is not { } text)
        {
            return;
        }

        await CheckAsync(text);
        if (_draft!.Newer is not null)
        {
            await ResolveAsync();
        }
        else if (!_draft.CanSave)
        {
            await _panel!.FocusAsync();
        }
        else if (await SaveDialog.AskAsync(Dialogs, _draft.Review!) is { } comment)
        {
            await SaveAsync(text, _draft.Began.Version, comment);
        }
    }

    private async Task SaveAsync(string text, long expectedVersion, string? comment)
    {
        var saved = await Session.ActAsync(AdminRole.Editor, (by, cancellationToken) =>
        {
            var written = WrittenConfiguration.OfYaml(text, "the text");
            return written.Config is not { } config
                ? Task.FromResult<Outcome<ConfigurationSaved>>(ManagementFailure.Invalid(written.Problems))
                : Configurations.SaveAsync(
                    new ConfigurationEdit(by, _ => config)
                    {
                        Comment = Management.Comments.Cut(comment),
                        ExpectedVersion = expectedVersion,
                        IsWhole = true,
                    },
                    cancellationToken);
        });
        if (saved.Failure is { Kind: FailureKind.Conflict })
        {
            await ResolveAsync();
        }
        else if (saved.Failure is { } failure)
        {
            _failure = failure;
            Notifications.Failed(failure);
            await CheckAsync(text);
        }
        else
        {
            Notifications.Done($"Saved as version {saved.Value!.Version}. The history can take it back.");
            await BeginAnewAsync();
        }
    }

    // Somebody else saved: what he changed is shown, and what is to become of it asked.
    private async Task ResolveAsync()
    {
        if (_editor is null || await _editor.ReadAsync() is not { } text || await ReadAsync() is not { } now)
        {
            return;
        }

        if (WrittenConfiguration.OfYaml(text, "the text").Config is not { } wanted)
        {
            await CheckAsync(text);
            await _panel!.FocusAsync();
            return;
        }

        var conflict = _draft!.ConflictWith(now, wanted);
        switch (await ConflictDialog.AskAsync(Dialogs, conflict))
        {
            case ConflictAnswer.TakeTheirs:
                await BeginAnewAsync();
                break;
            case ConflictAnswer.SaveMine:
                _draft.Rebase(now, text);
                await SaveAsync(text, now.Version, null);
                break;
            case ConflictAnswer.SaveBoth:
                var both = ConfigurationJson.ToYaml(conflict.Merged!);
                _draft.Rebase(now, both);
                await _editor.WriteAsync(both);
                await SaveAsync(both, now.Version, null);
                break;
        }
    }

    private async Task BeginAnewAsync()
    {
        if (await ReadAsync() is { } standing)
        {
            _draft = ConfigurationDraft.Of(standing);
            await _editor!.WriteAsync(_draft.Text);
            await CheckAsync(_draft.Text);
        }
    }

    private async Task DiscardAsync()
    {
        if (await Confirm.AskAsync(Dialogs, "Discard your changes?", "What you wrote is lost; what is stored is shown again.", "Discard"))
        {
            await BeginAnewAsync();
        }
    }

    private async Task ImportAsync(InputFileChangeEventArgs picked)
    {
        if (_draft!.IsChanged &&
            !await Confirm.AskAsync(Dialogs, "Replace what you wrote?", "The file takes the place of your changes, which are not saved.", "Replace"))
        {
            return;
        }

        var read = await Session.ActAsync(AdminRole.Editor, (_, cancellationToken) => ImportedText.ReadAsync(picked.File, cancellationToken));
        _failure = read.Failure;
        if (read.Value is { } text)
        {
            await _editor!.WriteAsync(text);
            await CheckAsync(text);
            Notifications.Done($"{picked.File.Name} is in the editor. It is not saved yet.");
        }
    }

    private async Task ExportAsync(bool isYaml)
    {
        if (await ReadAsync() is { } standing)
        {
            var (type, extension) = isYaml ? ("application/yaml", "yaml") : ("application/json", "json");
            await Js.InvokeVoidAsync(
                "airouter.download", $"airouter-v{standing.Version}.{extension}", type, ExportedText.Of(standing.Config, isYaml));
        }
    }

    private async Task LeaveAsync(LocationChangingContext leaving)
    {
        if (_draft is { IsChanged: true } &&
            !await Confirm.AskAsync(Dialogs, "Leave without saving?", "What you changed in the document is lost.", "Leave"))
        {
            leaving.PreventNavigation();
        }
    }
}
