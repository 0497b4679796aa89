using System.Text;
using System.Text.Json;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>A part of an item's content that grows.</summary>
/// <param name="item">Whose part it is.</param>
/// <param name="index">Its place in the item.</param>
/// <param name="kind">What it says.</param>
/// <param name="events">Gets the part's events; null: the answer is not streamed.</param>
internal sealed class ContentPart(OutputItem item, int index, PartKind kind, EventWriter? events)
{
    private readonly GrowingText _text = new();
    private readonly LogProbList _logProbs = new();
    private int _toldLogProbs;

    /// <summary>What it says.</summary>
    public PartKind Kind => kind;

    /// <summary>All of its text.</summary>
    public string WholeText => Encoding.UTF8.GetString(_text.Utf8);

    /// <summary>Says that there is a new part.</summary>
    public void Begin() => SendPart(kind.AddedEvent);

    /// <summary>Adds text, and the log probabilities of its tokens; those of tokens that are not yet text go with the next piece.</summary>
    public void Add(string text, JsonElement? logProbs)
    {
        _text.Add(text);
        _logProbs.Add(logProbs);
        if (events is null)
        {
            return;
        }

        foreach (var piece in TextPieces.Of(text))
        {
            using var opened = events.Begin(kind.DeltaEvent);
            WritePlace(opened.Json);
            opened.Json.WriteString("delta"u8, piece);
            WriteNewLogProbs(opened.Json);
        }
    }

    /// <summary>Adds a piece of a stream as it stands in the chunk. False: it is none that goes out as it is.</summary>
    public bool TryAdd(ReadOnlySpan<byte> quoted)
    {
        if (events is null || !_text.TryAdd(quoted, out var added))
        {
            return false;
        }

        using var opened = events.Begin(kind.DeltaEvent);
        WritePlace(opened.Json);
        opened.Json.WriteString("delta"u8, added);
        WriteNewLogProbs(opened.Json);
        return true;
    }

    /// <summary>Says what the whole text is.</summary>
    public void End()
    {
        if (events is null)
        {
            return;
        }

        using (var opened = events.Begin(kind.DoneEvent))
        {
            WritePlace(opened.Json);
            opened.Json.WriteString(kind.Member, _text.Utf8);
            if (kind == PartKind.Text)
            {
                opened.Json.WritePropertyName("logprobs"u8);
                _logProbs.Write(opened.Json, 0);
            }
        }

        SendPart(kind.PartDoneEvent);
    }

    /// <summary>The part as it is now.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, kind.Type);
        json.WriteString(kind.Member, _text.Utf8);
        if (kind == PartKind.Text)
        {
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WritePropertyName("logprobs"u8);
            _logProbs.Write(json, 0);
        }

        json.WriteEndObject();
    }

    private void WritePlace(Utf8JsonWriter json)
    {
        item.WritePlace(json);
        json.WriteNumber(kind.IndexMember, index);
    }

    private void WriteNewLogProbs(Utf8JsonWriter json)
    {
        if (kind == PartKind.Text)
        {
            json.WritePropertyName("logprobs"u8);
            _logProbs.Write(json, _toldLogProbs);
            _toldLogProbs = _logProbs.Count;
        }
    }

    private void SendPart(string type)
    {
        if (events is not null)
        {
            using var opened = events.Begin(type);
            WritePlace(opened.Json);
            opened.Json.WritePropertyName("part"u8);
            Write(opened.Json);
        }
    }
}
