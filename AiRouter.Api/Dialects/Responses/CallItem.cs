using System.Text;
using System.Text.Json;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>A call of one of the client's tools.</summary>
/// <param name="id">The item's id, which is not the call's.</param>
/// <param name="index">Its place in the answer.</param>
/// <param name="events">Gets the item's events; null: the answer is not streamed.</param>
/// <param name="kind">A function's, or a custom tool's.</param>
/// <param name="callId">What the tool's output will name.</param>
/// <param name="name">The tool's.</param>
internal sealed class CallItem(string id, int index, EventWriter? events, CallKind kind, string callId, string name)
    : OutputItem(id, index, events)
{
    private readonly StringBuilder _growing = new();
    private string? _text;

    /// <summary>Adds to the arguments.</summary>
    public void Add(string text)
    {
        _growing.Append(text);
        _text = null;
        if (Events is null)
        {
            return;
        }

        foreach (var piece in TextPieces.Of(text))
        {
            using var opened = Events.Begin(kind.DeltaEvent);
            WritePlace(opened.Json);
            opened.Json.WriteString("delta"u8, piece);
        }
    }

    /// <summary>
    /// Its arguments are one JSON object, so that nothing can follow: what is called next may begin, even if the backend says only at
    /// the end of the answer that this call is over.
    /// </summary>
    public bool HasWholeArguments => kind == CallKind.Function && IsObject(Text);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("type"u8, kind.ItemType);
        json.WriteString("status"u8, Status);
        json.WriteString("call_id"u8, callId);
        json.WriteString("name"u8, name);
        json.WriteString(kind.Member, Text);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override bool IsWhole => HasWholeArguments;

    /// <inheritdoc/>
    protected override void EndContent()
    {
        if (Events is not null)
        {
            using var opened = Events.Begin(kind.DoneEvent);
            WritePlace(opened.Json);
            if (kind == CallKind.Function)
            {
                opened.Json.WriteString("name"u8, name);
            }

            opened.Json.WriteString(kind.Member, Text);
        }
    }

    private string Text => _text ??= _growing.ToString();

    private static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{') || !text.AsSpan().TrimEnd().EndsWith('}'))
        {
            return false;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            // The documented answer to what is no JSON, or not yet.
            return false;
        }
    }
}
