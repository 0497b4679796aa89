using AiRouter.Admin.Management.Playground;

namespace AiRouter.Admin.Components.Playground;

/// <summary>What was said so far.</summary>
public sealed class Conversation
{
    // A page for trying things, not for novels: a circuit holds it.
    private const int MostTurns = 200;

    private readonly List<Turn> _turns = [];

    /// <summary>Each message, in order.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>Whether there is no room for more.</summary>
    public bool IsFull => _turns.Count >= MostTurns;

    /// <summary>The calls that the model waits for results of; empty: none.</summary>
    public IReadOnlyList<ToolCall> OpenCalls => _turns is [.., { Answer: { IsOver: true, IsStopped: false, Error: null } answer }] ? answer.ToolCalls : [];

    /// <summary>Whether the last message is a user's or a tool's, which waits for an answer.</summary>
    public bool AwaitsAnswer => _turns is [.., { Answer: null }];

    /// <summary>The user says something.</summary>
    public void Say(string text) => _turns.Add(new Turn(new ChatMessage(ChatRole.User, text), null));

    /// <summary>A tool answers.</summary>
    public void Result(ToolCall call, string text) =>
        _turns.Add(new Turn(new ChatMessage(ChatRole.Tool, text) { ToolCallId = call.Id }, null));

    /// <summary>The model begins to answer.</summary>
    public void Answer(ChatAnswer answer) => _turns.Add(new Turn(null, answer));

    /// <summary>Takes answers away from the end, so that the message before them is answered anew.</summary>
    public void TakeAnswerBack()
    {
        while (_turns is [.., { Answer: not null }])
        {
            _turns.RemoveAt(_turns.Count - 1);
        }
    }

    /// <summary>Takes a user's message back, and all that came after it; its text, to be changed.</summary>
    public string TakeBack(Turn turn)
    {
        var at = _turns.IndexOf(turn);
        _turns.RemoveRange(at, _turns.Count - at);
        return turn.Message?.Text ?? "";
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => _turns.Clear();

    /// <summary>What is sent: answers that failed without a word are left out, as no client would send them.</summary>
    public IReadOnlyList<ChatMessage> ToMessages()
    {
        var said = _turns.Select(static t => t.ToMessage()).OfType<ChatMessage>().ToList();

        // A call that nobody answered is an error at most models.
        var answered = said.Select(static m => m.ToolCallId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return
        [
            .. said.Select(m => m with { ToolCalls = [.. m.ToolCalls.Where(c => answered.Contains(c.Id))] })
                .Where(static m => m.Role != ChatRole.Assistant || m.Text.Length > 0 || m.ToolCalls.Count > 0),
        ];
    }
}

/// <summary>One message of a conversation: what was said, or an answer.</summary>
/// <param name="Message">What a user or a tool said; null: it is an answer.</param>
/// <param name="Answer">The model's; null: it is no answer.</param>
public sealed record Turn(ChatMessage? Message, ChatAnswer? Answer)
{
    /// <summary>What is sent of it; null: nothing.</summary>
    internal ChatMessage? ToMessage() => this switch
    {
        { Message: { } said } => said,
        { Answer: { IsOver: true } answer } when answer.Text.Length > 0 || answer.ToolCalls.Count > 0 =>
            new ChatMessage(ChatRole.Assistant, answer.Text.ToString()) { ToolCalls = answer.Error is null ? answer.ToolCalls : [] },
        _ => null,
    };
}
