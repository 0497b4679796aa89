using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Playground;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Radzen;

namespace AiRouter.Admin.Components.Playground;

/// <summary>The playground: a conversation with a model, as a client key.</summary>
public sealed partial class PlaygroundPage
{
    // Twenty times a second reads as a stream; more would only keep browsers busy.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly PlaygroundForm _form = new();
    private readonly Conversation _conversation = new();
    private PlaygroundChoices? _choices;
    private ManagementFailure? _failure;
    private CancellationTokenSource? _asking;
    private ElementReference _message;
    private string _draft = "";
    private string _keyName = "";
    private string _said = "";
    private bool _isGone;

    /// <summary>The model to begin with.</summary>
    [SupplyParameterFromQuery(Name = "model")]
    public string? AskedModel { get; set; }

    /// <summary>The key to begin with, by id.</summary>
    [SupplyParameterFromQuery(Name = "key")]
    public string? AskedKey { get; set; }

    [Inject]
    private AdminSession Session { get; set; } = null!;

    [Inject]
    private PlaygroundDesk Desk { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private bool IsAsking => _asking is not null;

    private IReadOnlyList<ConfigurationProblem> Problems => _failure?.Errors ?? [];

    private string KeyHint => _choices?.Find(_keyName) is { } key ? PlaygroundChoices.HintOf(key)
        : _keyName.Trim().Length == 0 ? "Without a key only the limits of models hold."
        : "There is no such key.";

    /// <inheritdoc/>
    public void Dispose()
    {
        _isGone = true;
        _asking?.Cancel();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var choices = await Session.ReadAsync(Desk.ChoicesAsync);
        (_choices, _failure) = (choices.Value, choices.Failure);
        _form.Model = AskedModel ?? _choices?.Suggested ?? "";
        _keyName = _choices?.NameOf(AskedKey) ?? "";
    }

    private string? ProblemOf(string field) => Problems.FirstOrDefault(p => p.Path == field)?.Message;

    private Task KeyAsync(KeyboardEventArgs key) =>
        key is { Key: "Enter", CtrlKey: true } or { Key: "Enter", MetaKey: true } ? SendAsync() : Task.CompletedTask;

    private async Task SendAsync()
    {
        if (IsAsking || _draft.Trim().Length == 0)
        {
            return;
        }

        await AskAsync(() =>
        {
            _conversation.Say(_draft.Trim());
            _draft = "";
        });
    }

    private Task SendResultsAsync(IReadOnlyList<(ToolCall Call, string Text)> results) => AskAsync(() =>
    {
        foreach (var (call, text) in results)
        {
            _conversation.Result(call, text);
        }
    });

    private Task AgainAsync() => AskAsync(_conversation.TakeAnswerBack);

    private async Task StopAsync()
    {
        _asking?.Cancel();
        await FocusAsync();
    }

    private void Clear()
    {
        _conversation.Clear();
        (_failure, _said) = (null, "");
    }

    private void TakeBack(Turn turn) => _draft = _conversation.TakeBack(turn);

    private async Task AskAsync(Action change)
    {
        // What is wrong with the fields is said before anything is sent or changed.
        var asked = ToRequest();
        if ((_failure = asked.Failure) is not null || IsAsking)
        {
            return;
        }

        _asking = CancellationTokenSource.CreateLinkedTokenSource(Session.Ended);
        var keyId = _choices!.Find(_keyName)?.Id;
        var pass = await Session.ActAsync(AdminRole.Editor, (by, cancellationToken) => Desk.PassAsync(keyId, by, cancellationToken));
        if ((_failure = pass.Failure) is not null)
        {
            EndAsking();
            return;
        }

        change();
        var body = (asked.Value! with { Messages = _conversation.ToMessages() }).ToBytes();
        var answer = Desk.NewAnswer();
        _conversation.Answer(answer);
        _said = "Answering …";
        var asking = Desk.AskAsync(pass.Value!, body, answer, _asking.Token);

        // The button that was pressed is another one now.
        await FocusAsync();
        await FollowAsync(asking, answer);
        _said = answer switch
        {
            { Error: { } error } => $"Failed: {error.Message}",
            { IsStopped: true } => "Stopped.",
            _ => "The answer is there.",
        };
        EndAsking();
    }

    private Outcome<ChatRequest> ToRequest()
    {
        if (_keyName.Trim().Length > 0 && _choices!.Find(_keyName) is null)
        {
            return ManagementFailure.Invalid("key", $"there is no client key called \"{_keyName.Trim()}\": choose one of the list, or leave it empty");
        }

        return _form.ToRequest([]);
    }

    // The page shows what has come, while it comes.
    private async Task FollowAsync(Task asking, ChatAnswer answer)
    {
        var shown = -1;
        while (!asking.IsCompleted && !_isGone)
        {
            await Task.WhenAny(asking, Task.Delay(Beat, Time));
            if (answer.Version != shown && !_isGone)
            {
                shown = answer.Version;
                StateHasChanged();
            }
        }

        await asking;
    }

    private void EndAsking()
    {
        _asking?.Dispose();
        _asking = null;
    }

    private async Task FocusAsync()
    {
        if (!_isGone)
        {
            await _message.FocusAsync(preventScroll: true);
        }
    }

    private async Task ShowCodeAsync()
    {
        var asked = ToRequest();
        if ((_failure = asked.Failure) is not null)
        {
            return;
        }

        // What would be sent now; something to say where there is nothing.
        var messages = _conversation.ToMessages().ToList();
        if (_draft.Trim().Length > 0 || messages.Count == 0)
        {
            messages.Add(new ChatMessage(ChatRole.User, _draft.Trim().Length > 0 ? _draft.Trim() : "Hello!"));
        }

        await Dialogs.OpenAsync<SamplesView>(
            "The request as code",
            new Dictionary<string, object?> { [nameof(SamplesView.Samples)] = Desk.Samples(asked.Value! with { Messages = messages }) },
            new DialogOptions { Width = "48rem", CloseDialogOnOverlayClick = true });
    }
}
