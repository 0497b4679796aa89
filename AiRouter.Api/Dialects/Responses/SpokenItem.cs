using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>An item with parts of text, one behind the other.</summary>
internal abstract class SpokenItem(string id, int index, EventWriter? events) : OutputItem(id, index, events)
{
    private readonly List<ContentPart> _parts = [];

    /// <summary>The last part is text, to which more may come.</summary>
    public bool IsText => _parts.Count > 0 && _parts[^1].Kind == PartKind.Text;

    /// <summary>Adds text: to the last part, or to a new one where that is of another kind.</summary>
    public void Add(PartKind kind, string text, JsonElement? logProbs)
    {
        if (_parts.Count == 0 || _parts[^1].Kind != kind)
        {
            EndContent();
            _parts.Add(new ContentPart(this, _parts.Count, kind, Events));
            _parts[^1].Begin();
        }

        _parts[^1].Add(text, logProbs);
    }

    /// <inheritdoc/>
    protected override void EndContent()
    {
        if (_parts.Count > 0)
        {
            _parts[^1].End();
        }
    }

    /// <summary>Writes the member with the parts.</summary>
    protected void WriteContent(Utf8JsonWriter json)
    {
        json.WriteStartArray("content"u8);
        foreach (var part in _parts)
        {
            part.Write(json);
        }

        json.WriteEndArray();
    }
}
