using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>One item of an answer: its events while it grows, and itself. Without events it just grows.</summary>
/// <param name="id">The same from the first event to the last.</param>
/// <param name="index">Its place in the answer.</param>
/// <param name="events">Gets the item's events; null: the answer is not streamed.</param>
internal abstract class OutputItem(string id, int index, EventWriter? events)
{
    /// <summary>Where its events go.</summary>
    protected EventWriter? Events { get; } = events;

    /// <summary>The item's id.</summary>
    public string Id => id;

    /// <summary>Nothing can be added any more.</summary>
    public bool IsDone => Status != ItemStatus.InProgress;

    /// <summary>How far it is.</summary>
    public string Status { get; private set; } = ItemStatus.InProgress;

    /// <summary>The item as it is now.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>Says that there is a new item.</summary>
    public void Begin() => Send("response.output_item.added");

    /// <summary>Ends what is open in it, and the item.</summary>
    /// <param name="isCut">The model was stopped before its own end.</param>
    public void End(bool isCut)
    {
        if (!IsDone)
        {
            EndContent();
            Status = isCut && !IsWhole ? ItemStatus.Incomplete : ItemStatus.Completed;
            Send("response.output_item.done");
        }
    }

    /// <summary>The model broke off; nothing is said of it but in the response.</summary>
    public void Break()
    {
        if (!IsDone)
        {
            Status = ItemStatus.Incomplete;
        }
    }

    /// <summary>Nothing can be missing, even if the model was stopped.</summary>
    protected virtual bool IsWhole => false;

    /// <summary>Ends what is open in the item.</summary>
    protected abstract void EndContent();

    /// <summary>Writes the members that say of which item an event speaks.</summary>
    public void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, Id);
        json.WriteNumber("output_index"u8, index);
    }

    private void Send(string type)
    {
        if (Events is not null)
        {
            using var opened = Events.Begin(type);
            opened.Json.WriteNumber("output_index"u8, index);
            opened.Json.WritePropertyName("item"u8);
            Write(opened.Json);
        }
    }
}
