using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>Finds the call that a piece belongs to: by index, else by id, else the last one.</summary>
internal sealed class CallPieces
{
    private readonly List<CallDraft> _calls = [];
    private readonly Dictionary<int, CallDraft> _byIndex = [];
    private readonly Dictionary<string, CallDraft> _byId = new(StringComparer.Ordinal);

    /// <summary>Calls that nobody has told the name of.</summary>
    public IEnumerable<CallDraft> NotBegun => _calls.Where(call => call.Item is null);

    /// <summary>The call of a piece, which is a new one if there is none yet.</summary>
    public CallDraft Of(JsonElement piece)
    {
        if (piece.CountMember("index") is { } index)
        {
            return _byIndex.TryGetValue(index, out var known) ? known : _byIndex[index] = New();
        }

        if (piece.TextMember("id") is { Length: > 0 } id)
        {
            return _byId.TryGetValue(id, out var known) ? known : _byId[id] = New();
        }

        return _calls.Count > 0 ? _calls[^1] : New();
    }

    /// <summary>One more call: in a whole answer nothing comes in pieces.</summary>
    public CallDraft New()
    {
        var call = new CallDraft();
        _calls.Add(call);
        return call;
    }
}
