using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// The items of an answer, as they follow from what a chat answer says: an item for what was thought, one for what is said, one for
/// each call; what comes again later gets a new one. An item ends before the next begins, but for calls whose arguments are not whole:
/// some backends write several calls by turns.
/// </summary>
/// <param name="newId">A new random part of an id.</param>
/// <param name="events">Gets the events; null: the answer is not streamed.</param>
/// <param name="thought">How the client wants to have what was thought.</param>
internal sealed class AnswerItems(Func<string> newId, EventWriter? events, ThoughtForm thought)
{
    /// <summary>More calls at a time than any model means; so many open ones are looked through for each further item.</summary>
    private const int MostOpenCalls = 128;

    private readonly List<OutputItem> _items = [];
    private readonly List<CallItem> _openCalls = [];
    private readonly HashSet<string> _callIds = new(StringComparer.Ordinal);
    private readonly CallPieces _calls = new();
    private SpokenItem? _spoken;

    /// <summary>Takes in a message of a chat answer, or a piece of one.</summary>
    /// <param name="message">The <c>message</c>, or a chunk's <c>delta</c>.</param>
    /// <param name="logProbs">What stands beside it.</param>
    public void Add(JsonElement message, JsonElement? logProbs)
    {
        var thoughts = message.TextMember("reasoning_content") is { Length: > 0 } known ? known : message.TextMember("reasoning");
        if (thoughts is { Length: > 0 })
        {
            Speak<ReasoningItem>().Add(thought.Kind, thoughts, null);
        }

        if (message.TextMember("content") is { Length: > 0 } text)
        {
            Speak<MessageItem>().Add(PartKind.Text, text, logProbs);
        }
        else if (logProbs is not null && thoughts is not { Length: > 0 } && _spoken is MessageItem { IsText: true })
        {
            // A token that is half a character; its other half brings the text.
            _spoken.Add(PartKind.Text, "", logProbs);
        }

        if (message.TextMember("refusal") is { Length: > 0 } refusal)
        {
            Speak<MessageItem>().Add(PartKind.Refusal, refusal, null);
        }

        foreach (var piece in message.ListMember("tool_calls").Where(piece => piece.ValueKind == JsonValueKind.Object))
        {
            Call(events is null ? _calls.New() : _calls.Of(piece), piece);
        }
    }

    /// <summary>Takes in a piece of text of the item that is open. False: it is none that goes on as it stands in the chunk.</summary>
    public bool TryAdd(in TextDelta delta) => delta.IsThought
        ? _spoken is ReasoningItem thinking && thinking.TryAdd(thought.Kind, delta.Quoted)
        : _spoken is MessageItem message && message.TryAdd(PartKind.Text, delta.Quoted);

    /// <summary>Ends what is open.</summary>
    /// <param name="isCut">The model was stopped before its own end.</param>
    public void End(bool isCut)
    {
        foreach (var call in _calls.NotBegun)
        {
            Begin(call);
        }

        foreach (var item in _items)
        {
            item.End(isCut);
        }

        _openCalls.Clear();
        _spoken = null;
    }

    /// <summary>Ends the answer: one that says nothing has an empty message, which clients look for.</summary>
    public void Complete(bool isCut)
    {
        End(isCut);
        if (!isCut && !_items.Exists(item => item is not ReasoningItem))
        {
            Speak<MessageItem>().Add(PartKind.Text, "", null);
            End(isCut);
        }
    }

    /// <summary>The model broke off: what is open stays as it is, and nothing is said of it.</summary>
    public void Break()
    {
        foreach (var item in _items)
        {
            item.Break();
        }
    }

    /// <summary>Writes all items as an array.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var item in _items)
        {
            item.Write(json);
        }

        json.WriteEndArray();
    }

    private SpokenItem Speak<T>()
        where T : SpokenItem
    {
        if (_spoken is not T)
        {
            EndBeforeNext();
            _spoken = typeof(T) == typeof(MessageItem)
                ? new MessageItem("msg_" + newId(), _items.Count, events)
                : new ReasoningItem("rs_" + newId(), _items.Count, events, thought);
            Add(_spoken);
        }

        return _spoken;
    }

    private void Call(CallDraft call, JsonElement piece)
    {
        var text = call.Take(piece);
        if (call.Item is not null)
        {
            // Behind whole arguments there can be only blanks.
            if (!call.Item.IsDone && text.Length > 0)
            {
                call.Item.Add(text);
            }
        }
        else
        {
            call.Early.Append(text);
            if (call.Name.Length > 0 || events is null)
            {
                Begin(call);
            }
        }
    }

    /// <summary>Clients want the name with the first event, so nothing is said before it is known.</summary>
    private void Begin(CallDraft call)
    {
        EndBeforeNext();
        var callId = call.Id.Length > 0 && _callIds.Add(call.Id) ? call.Id : "call_" + newId();
        call.Item = new CallItem(call.Kind.IdPrefix + newId(), _items.Count, events, call.Kind, callId, call.Name);
        Add(call.Item);
        _openCalls.Add(call.Item);
        if (call.Early.Length > 0)
        {
            call.Item.Add(call.Early.ToString());
            call.Early.Clear();
        }
    }

    private void EndBeforeNext()
    {
        _spoken?.End(isCut: false);
        _spoken = null;
        var endAll = _openCalls.Count >= MostOpenCalls;
        foreach (var call in _openCalls)
        {
            if (endAll || call.HasWholeArguments)
            {
                call.End(isCut: false);
            }
        }

        _openCalls.RemoveAll(call => call.IsDone);
    }

    private void Add(OutputItem item)
    {
        _items.Add(item);
        item.Begin();
    }
}
