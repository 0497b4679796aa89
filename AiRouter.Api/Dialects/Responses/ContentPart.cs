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
    private readonly StringBuilder _growing = new();
    private readonly LogProbList _logProbs = new();
    private int _toldLogProbs;
    private string? _text;

    /// <summary>What it says.</summary>
    public PartKind Kind => kind;

    /// <summary>Says that there is a new part.</summary>
    public void Begin() => SendPart("response.content_part.added");

    /// <summary>Adds text, and the log probabilities of its tokens; those of tokens that are not yet text go with the next piece.</summary>
    public void Add(string text, JsonElement? logProbs)
    {
        _growing.Append(text);
        _text = null;
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
            if (kind == PartKind.Text)
            {
                opened.Json.WritePropertyName("logprobs"u8);
                _logProbs.Write(opened.Json, _toldLogProbs);
                _toldLogProbs = _logProbs.Count;
            }
        }
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
            opened.Json.WriteString(kind.Member, Text);
            if (kind == PartKind.Text)
            {
                opened.Json.WritePropertyName("logprobs"u8);
                _logProbs.Write(opened.Json, 0);
            }
        }

        SendPart("response.content_part.done");
    }

    /// <summary>The part as it is now.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, kind.Type);
        json.WriteString(kind.Member, Text);
        if (kind == PartKind.Text)
        {
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WritePropertyName("logprobs"u8);
            _logProbs.Write(json, 0);
        }

        json.WriteEndObject();
    }

    /// <summary>Made once when it is complete: it goes out up to four times.</summary>
    private string Text => _text ??= _growing.ToString();

    private void WritePlace(Utf8JsonWriter json)
    {
        item.WritePlace(json);
        json.WriteNumber("content_index"u8, index);
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
