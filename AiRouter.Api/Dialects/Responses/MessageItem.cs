using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What the model says, or how it refuses.</summary>
internal sealed class MessageItem(string id, int index, EventWriter? events) : SpokenItem(id, index, events)
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, Status);
        json.WriteString("role"u8, "assistant"u8);
        WriteParts(json, PartKind.Text.List);
        json.WriteEndObject();
    }
}
