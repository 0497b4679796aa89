using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// What the model thinks: the text itself, which open models give. Nobody has summed it up, so it stands in the place of a summary for
/// clients that ask for one.
/// </summary>
/// <param name="id">The same from the first event to the last.</param>
/// <param name="index">Its place in the answer.</param>
/// <param name="events">Gets the item's events; null: the answer is not streamed.</param>
/// <param name="form">How the client wants to have it.</param>
internal sealed class ReasoningItem(string id, int index, EventWriter? events, ThoughtForm form) : SpokenItem(id, index, events)
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteString("status"u8, Status);
        WriteParts(json, PartKind.Summary.List);
        if (form.Kind == PartKind.Thought)
        {
            WriteParts(json, PartKind.Thought.List);
        }

        if (form.IsSealed && Status == ItemStatus.Completed)
        {
            json.WriteString("encrypted_content"u8, SealedThought.Of(WholeText));
        }

        json.WriteEndObject();
    }
}
