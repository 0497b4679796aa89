using System.Text;
using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Components.Shared.Comparing;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Keys;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AiRouter.Admin.Components.Keys;

/// <summary>One client key: made, looked at, changed, given another secret, switched off, revoked.</summary>
public sealed partial class KeyPage
{
    private string? _shownId;
    private KeyView? _key;
    private KeyWithSecret? _secret;
    private KeyForm? _form;
    private ManagementFailure? _failure;
    private IReadOnlyList<ConfigurationProblem> _warnings = [];
    private RouterConfig _config = new();
    private IReadOnlyList<string> _models = [];
    private bool _isBusy;

    /// <summary>The key's id; null: a new one.</summary>
    [SupplyParameterFromQuery]
    public string? Id { get; set; }

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private KeyEditor Keys { get; set; } = null!;

    [Inject]
    private ConfigurationEditor Configuration { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private NotificationService Notifications { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private string Title => _secret?.Name ?? _key?.Name ?? (Id is null ? "New key" : "Key");

    private string? Subtitle => _secret is not null ? null
        : Id is null ? "Only the name is needed: everything else can be set later."
        : _key?.Owner;

    private string? WhyLocked =>
        !Session.Can(AdminRole.Editor) ? "Your role is viewer: you see what this key may do, and change nothing."
        : _key is { Source: KeySource.Configuration } ? "The configuration document declares this key: it is changed there. Here it can only be revoked."
        : null;

    /// <summary>Where the page of a key is.</summary>
    internal static string PathOf(string id) => $"keys/edit?id={Uri.EscapeDataString(id)}";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_form is null || _shownId != Id)
        {
            _shownId = Id;
            (_key, _secret, _form, _failure, _warnings) = (null, null, null, null, []);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        // Without a document there are no models to choose from, and keys can be made all the same.
        var document = await Session.ReadAsync(Configuration.ReadAsync);
        _config = document.Value?.Config ?? new RouterConfig();
        _models = [.. _config.Models.Keys.Order(StringComparer.OrdinalIgnoreCase)];
        if (Id is not { } id)
        {
            _form = new KeyForm();
            return;
        }

        var key = await Session.ReadAsync(cancellationToken => Keys.FindAsync(id, cancellationToken));
        _failure = key.Failure;
        if (key.Value is { } found)
        {
            await ShowAsync(found);
        }
    }

    private async Task ShowAsync(KeyView key)
    {
        _key = key;
        _form = KeyForm.Of(key.Name, key, _models);
        _failure = null;
        var warnings = await Session.ReadAsync(cancellationToken => Keys.WarningsAsync(SettingsOf(key), cancellationToken));
        _warnings = warnings.Value ?? [];
    }

    private Task SaveAsync() => WorkAsync(async () =>
    {
        var settings = _form!.Settings(Time.GetUtcNow());
        if (settings.Failure is { } wrong)
        {
            _failure = wrong;
        }
        else if (_key is { } key)
        {
            await ReplaceAsync(key, settings.Value!);
        }
        else
        {
            var made = await Session.ActAsync(AdminRole.Editor, (by, cancellationToken) => Keys.CreateAsync(settings.Value!, by, cancellationToken));
            (_secret, _failure) = (made.Value, made.Failure);
        }
    });

    private async Task ReplaceAsync(KeyView key, KeySettings settings)
    {
        var saved = await Session.ActAsync(
            AdminRole.Editor, (by, cancellationToken) => Keys.ReplaceAsync(key.Id, settings, key.Version, by, cancellationToken));
        if (saved.Value is { } now)
        {
            Notifications.Done($"The key \"{now.Name}\" is saved: it holds within a second.");
            await ShowAsync(now);
        }
        else if (saved.Failure is { Kind: FailureKind.Conflict })
        {
            await ResolveAsync(key, settings);
        }
        else
        {
            _failure = saved.Failure;
        }
    }

    private async Task ResolveAsync(KeyView began, KeySettings wanted)
    {
        var current = await Session.ReadAsync(cancellationToken => Keys.FindAsync(began.Id, cancellationToken));
        if (current.Value is not { } theirs)
        {
            _failure = current.Failure;
            return;
        }

        _isBusy = false;
        StateHasChanged();
        var conflict = Conflict.OfJson($"The key \"{began.Name}\"", Json(SettingsOf(began)), Json(SettingsOf(theirs)), Json(wanted)) with
        {
            By = theirs.Updated?.By,
            At = theirs.Updated?.At,
        };
        switch (await ConflictDialog.AskAsync(Dialogs, conflict))
        {
            case ConflictAnswer.TakeTheirs:
                await ShowAsync(theirs);
                break;
            case ConflictAnswer.SaveMine:
                await ReplaceAsync(theirs, wanted);
                break;
            case ConflictAnswer.SaveBoth:
                await ReplaceAsync(theirs, RecordJson.Read<KeySettings>(Encoding.UTF8.GetBytes(conflict.Merged!)).Record!);
                break;
            case ConflictAnswer.GoOnEditing:
                break;
        }
    }

    private async Task RotateAsync()
    {
        var key = _key!;
        if (await Dialogs.OpenAsync<RotateDialog>($"Another secret for \"{key.Name}\"?") is not double hours)
        {
            return;
        }

        await WorkAsync(async () =>
        {
            var rotated = await Session.ActAsync(
                AdminRole.Editor,
                (by, cancellationToken) => Keys.RotateAsync(key.Id, TimeSpan.FromHours(hours), key.Version, by, cancellationToken));
            (_secret, _failure) = (rotated.Value, rotated.Failure);
        });
    }

    private async Task SwitchAsync()
    {
        var key = _key!;
        if (!key.Disabled && !await Confirm.AskAsync(
            Dialogs,
            $"Disable \"{key.Name}\"?",
            "Requests with this key are refused (401) within a second, until it is enabled again.",
            "Disable"))
        {
            return;
        }

        await WorkAsync(async () =>
        {
            var switched = await Session.ActAsync(
                AdminRole.Editor, (by, cancellationToken) => Keys.SwitchAsync(key.Id, !key.Disabled, by, cancellationToken));
            if (switched.Value is { } now)
            {
                Notifications.Done(now.Disabled ? $"The key \"{now.Name}\" is disabled." : $"The key \"{now.Name}\" is enabled again.");
                await ShowAsync(now);
            }
            else
            {
                _failure = switched.Failure;
            }
        });
    }

    private async Task RevokeAsync()
    {
        var key = _key!;
        if (!await Confirm.AskAsync(
            Dialogs,
            $"Revoke \"{key.Name}\" for ever?",
            "Its secret stops working within a second and never works again. This cannot be undone; to switch it off for a while, disable it.",
            "Revoke"))
        {
            return;
        }

        await WorkAsync(async () =>
        {
            var revoked = await Session.ActAsync<KeyView>(
                AdminRole.Editor,
                async (by, cancellationToken) => await Keys.RevokeAsync(key.Id, by, cancellationToken) is { } failure ? failure : key);
            if (revoked.Failure is { } failed)
            {
                _failure = failed;
                return;
            }

            Notifications.Done($"The key \"{key.Name}\" is revoked.");
            Navigation.NavigateTo("keys");
        });
    }

    // The secret is gone from here too: the page of the key takes its place.
    private async Task CloseSecretAsync()
    {
        var id = _secret!.Id;
        _secret = null;
        if (Id == id)
        {
            await LoadAsync();
        }
        else
        {
            Navigation.NavigateTo(PathOf(id));
        }
    }

    private async Task WorkAsync(Func<Task> work)
    {
        (_isBusy, _failure) = (true, null);
        try
        {
            await work();
        }
        finally
        {
            _isBusy = false;
        }
    }

    private static string Json(KeySettings settings) => ConfigurationJson.WriteRecord(settings);

    private static KeySettings SettingsOf(KeyView key) => new(key) { Name = key.Name };
}
