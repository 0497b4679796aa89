using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.BackendChecks;
using AiRouter.Core.Administration;
using Microsoft.AspNetCore.Components;

namespace AiRouter.Admin.Components.Backends;

/// <content>Trying the backend out, and the models that it has.</content>
public sealed partial class BackendEditPage
{
    // How often is looked whether a model is loaded by now.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private IReadOnlyDictionary<string, RepositoryChange> _changes = new Dictionary<string, RepositoryChange>();
    private BackendCheckReport? _report;
    private RepositoryView? _repository;
    private bool _isTesting;

    private bool IsChanging => _changes.Values.Any(static c => c.State == RepositoryChangeState.Running) ||
        (_repository?.Models.Any(static m => m.State is RepositoryState.Loading or RepositoryState.Unloading) ?? false);

    private EventCallback<IReadOnlyList<ModelChoice>> AddCallback => Name is null || _state!.IsReadOnly
        ? default
        : EventCallback.Factory.Create<IReadOnlyList<ModelChoice>>(this, AddAsync);

    // Of what is stored only: the audit names it.
    private EventCallback<(RepositoryModelView, RepositoryAction)> ChangeCallback => Name is null
        ? default
        : EventCallback.Factory.Create<(RepositoryModelView, RepositoryAction)>(this, ChangeAsync);

    /// <summary>The models of the backend that clients can ask for, by the name there, and their public names.</summary>
    private IReadOnlyDictionary<string, IReadOnlyList<string>> Taken => _edited!.Document.Models
        .SelectMany(m => m.Value.Targets.Where(t => t.Backend == Name).Select(t => (There: t.Model ?? m.Key, Public: m.Key)))
        .GroupBy(static t => t.There, StringComparer.Ordinal)
        .ToDictionary(
            static g => g.Key, static g => (IReadOnlyList<string>)[.. g.Select(static t => t.Public).Distinct()], StringComparer.Ordinal);

    private async Task TestAsync()
    {
        if (await FormAsync() is not { } config)
        {
            return;
        }

        (_isTesting, _failure, _report) = (true, null, null);
        StateHasChanged();
        var name = Name ?? (_form!.Name.Length > 0 ? _form.Name : "new");
        var tested = await Session.ActAsync(AdminRole.Admin, (by, cancellationToken) => Check.RunAsync(name, config, by, cancellationToken));
        _isTesting = false;
        if (tested.Failure is { } failure)
        {
            await ShowAsync(failure);
            return;
        }

        (_report, _repository) = (tested.Value, tested.Value!.Repository);
        _changes = Name is null ? new Dictionary<string, RepositoryChange>() : Repositories.Changes(Name);
        StateHasChanged();
        await _results.FocusAsync();
    }

    private async Task UseUrlAsync(string url)
    {
        _form!.Url = url;
        await TestAsync();
    }

    private async Task AddAsync(IReadOnlyList<ModelChoice> models)
    {
        if (await ImportDialog.AskAsync(Dialogs, Name!, models) is not { } names)
        {
            return;
        }

        Notifications.Done(names is [var only] ? $"Clients can ask for {only} now." : $"Clients can ask for {names.Count} more models now.");

        // What is in the form stays; only what is known of the document is read anew.
        var read = await Session.ReadAsync(cancellationToken => Editor.ReadAsync(Name, cancellationToken));
        _edited = read.Value is { } now ? now with { Tag = _edited!.Tag } : _edited;
    }

    private async Task ChangeAsync((RepositoryModelView Model, RepositoryAction Action) asked)
    {
        var (model, action) = asked;
        var publicNames = Taken.GetValueOrDefault(model.Name);
        var (title, text, verb) = action == RepositoryAction.Unload
            ? ($"Unload {model.Name}?",
                publicNames is null
                    ? "Requests that it is answering are answered first. It can be loaded again."
                    : $"Clients that ask for {string.Join(", ", publicNames)} get errors, or another target, until it is loaded again.",
                "Unload")
            : ($"Load {model.Name}?", "The server takes it into the memory of its GPUs; a large model takes minutes.", "Load");
        if (!await Confirm.AskAsync(Dialogs, title, text, verb))
        {
            return;
        }

        var changed = await Session.ActAsync(
            AdminRole.Admin, (by, cancellationToken) => Repositories.ChangeAsync(Name!, model.Name, action, by, cancellationToken));
        if (changed.Failure is { } failure)
        {
            Notifications.Failed(failure);
        }
        else if (changed.Value!.State == RepositoryChangeState.Done)
        {
            Notifications.Done(action == RepositoryAction.Load ? $"{model.Name} is loaded." : $"{model.Name} is unloaded.");
        }

        await RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        var read = await Session.ActAsync(
            AdminRole.Admin, (by, cancellationToken) => Repositories.ReadAsync(Name!, null, by, cancellationToken));
        _repository = read.Value ?? _repository;
        _changes = Repositories.Changes(Name!);
    }
}
