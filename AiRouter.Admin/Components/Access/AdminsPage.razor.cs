using System.Globalization;
using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.AdminKeys;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace AiRouter.Admin.Components.Access;

/// <summary>Admin keys: made, changed and removed; and who did what.</summary>
public sealed partial class AdminsPage
{
    private const string NoKeys =
        "You are here with AIROUTER_ADMIN_KEY. Make a key for each person, with the role that he needs: then history and audit tell who did what.";

    private IReadOnlyList<AdminKeyView>? _keys;
    private AdminKeyForm? _form;
    private AdminKeyWithSecret? _made;
    private ManagementFailure? _failure;
    private ManagementFailure? _formFailure;
    private AuditList? _audit;
    private string? _focus;
    private bool _isBusy;

    [Inject]
    private AdminOptions Options { get; set; } = null!;

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private AdminKeyEditor Editor { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is { } selector)
        {
            _focus = null;
            await Js.InvokeVoidAsync("airouter.focus", selector);
        }
    }

    private static string Hours(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");

    private async Task LoadAsync()
    {
        (_keys, _failure) = await Session.ActAsync(AdminRole.Admin, (_, cancellationToken) => Editor.ListAsync(cancellationToken));
        if (_audit is not null)
        {
            await _audit.LoadAsync();
        }
    }

    private void New() => Open(new AdminKeyForm(), "#admin-name");

    private void Edit(AdminKeyView key) => Open(AdminKeyForm.Of(key), "#edit-title");

    private void Open(AdminKeyForm form, string focus) => (_form, _formFailure, _made, _focus) = (form, null, null, focus);

    private void Close() => (_form, _formFailure, _focus) = (null, null, "h1");

    private async Task SaveAsync(AdminKeySettings settings)
    {
        _isBusy = true;
        try
        {
            if (_form!.Edited is { } edited)
            {
                await ChangeAsync(edited, settings);
            }
            else
            {
                await MakeAsync(settings);
            }
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task MakeAsync(AdminKeySettings settings)
    {
        (_made, _formFailure) = await Session.ActAsync(AdminRole.Admin, (by, cancellationToken) => Editor.CreateAsync(settings, by, cancellationToken));
        if (_made is not null)
        {
            _form = null;
            _focus = "#made-title";
            await LoadAsync();
        }
    }

    private async Task ChangeAsync(AdminKeyView edited, AdminKeySettings settings)
    {
        (var changed, _formFailure) = await Session.ActAsync(
            AdminRole.Admin, (by, cancellationToken) => Editor.ReplaceAsync(edited.Id, settings, edited.Version, by, cancellationToken));
        if (changed is not null)
        {
            Notifications.Done($"{changed.Name} is saved");
            Close();
            await LoadAsync();
            return;
        }

        if (_formFailure is { Kind: FailureKind.Conflict })
        {
            await LoadAsync();
            _formFailure = ConflictOf(edited);
        }
    }

    // Few fields, so a sentence is the whole difference. The form is of the version that is there now: saving again is on purpose.
    private ManagementFailure ConflictOf(AdminKeyView edited)
    {
        if (_keys?.FirstOrDefault(k => k.Id == edited.Id) is not { } now)
        {
            return new ManagementFailure(FailureKind.NotFound, "Somebody else removed this key meanwhile.");
        }

        var mine = _form!;
        _form = mine.OnTopOf(now);
        return new ManagementFailure(
            FailureKind.Conflict,
            $"{now.Updated.By} changed this key meanwhile. It is now: {now.Name}, {now.Role}, " +
            $"{(now.ReadBodies ? "reads bodies" : "reads no bodies")}, {(now.Expires is { } end ? "expires " + Moment.Exact(end) : "never expires")}. " +
            "Save again to put yours in its place, or cancel to keep that.");
    }

    private async Task RemoveAsync(AdminKeyView key)
    {
        var isSure = await Confirm.AskAsync(
            Dialogs,
            $"Remove {key.Name}?",
            "The key stops working at once, and whoever is signed in with it is signed out. It cannot be brought back.",
            "Remove");
        if (!isSure)
        {
            return;
        }

        var (_, failure) = await Session.ActAsync<object>(AdminRole.Admin, async (by, cancellationToken) =>
            await Editor.RemoveAsync(key.Id, key.Version, by, cancellationToken) is { } refused
                ? (Outcome<object>)refused
                : new Outcome<object>(key, null));
        if (failure is not null)
        {
            Notifications.Failed(failure);
        }
        else
        {
            Notifications.Done($"{key.Name} is removed");
        }

        await LoadAsync();
    }
}
