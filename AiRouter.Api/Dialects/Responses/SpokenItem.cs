using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>An item with parts of text, one behind the other.</summary>
internal abstract class SpokenItem(string id, int index, EventWriter? events) : OutputItem(id, index, events)
{
    private readonly List<ContentPart> _parts = [];

    /// <summary>The last part is text, to which more may come.</summary>
    public bool IsText => _parts.Count > 0 && _parts[^1].Kind == PartKind.Text;

    /// <summary>All that it says.</summary>
    protected string WholeText => string.Concat(_parts.Select(static part => part.WholeText));

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

    /// <summary>
    /// Adds a piece of a stream to the last part, as it stands in the chunk. False: the part is of another kind, or it is no such piece.
    /// </summary>
    public bool TryAdd(PartKind kind, ReadOnlySpan<byte> quoted) =>
        _parts.Count > 0 && _parts[^1].Kind == kind && _parts[^1].TryAdd(quoted);

    /// <inheritdoc/>
    protected override void EndContent()
    {
        if (_parts.Count > 0)
        {
            _parts[^1].End();
        }
    }

    /// <summary>Writes a member with the parts that belong there.</summary>
    protected void WriteParts(Utf8JsonWriter json, string list)
    {
        json.WriteStartArray(list);
        foreach (var part in _parts)
        {
            if (part.Kind.List == list)
            {
                part.Write(json);
            }
        }

        json.WriteEndArray();
    }
}
