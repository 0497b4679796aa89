using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What the model thinks: the text itself, which open models give; nobody has summed it up.</summary>
internal sealed class ReasoningItem(string id, int index, EventWriter? events) : SpokenItem(id, index, events)
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteString("status"u8, Status);
        json.WriteStartArray("summary"u8);
        json.WriteEndArray();
        WriteContent(json);
        json.WriteEndObject();
    }
}
