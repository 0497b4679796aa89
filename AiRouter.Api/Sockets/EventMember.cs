using System.Text.Json;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Sockets;

/// <summary>Where in an event a member's value stands, so that it can be exchanged and all else stays byte for byte.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct EventMember(int Start, int Length)
{
    /// <summary>All values of a member, should there be several of its name.</summary>
    /// <param name="json">The event, an object.</param>
    /// <param name="around">The member whose value has it; empty: the event itself.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static List<EventMember> Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> around, ReadOnlySpan<byte> name)
    {
        var found = new List<EventMember>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (around.IsEmpty)
            {
                Take(ref reader, name, found);
                continue;
            }

            var isAround = JsonName.Is(ref reader, around);
            reader.Read();
            if (!isAround || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                Take(ref reader, name, found);
            }
        }

        return found;
    }

    /// <summary>The event with other values in these places, which are in their order.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> json, IEnumerable<EventMember> places, ReadOnlySpan<byte> value)
    {
        var changed = new List<byte>(json.Length + value.Length);
        var at = 0;
        foreach (var place in places)
        {
            changed.AddRange(json[at..place.Start]);
            changed.AddRange(value);
            at = place.Start + place.Length;
        }

        changed.AddRange(json[at..]);
        return [.. changed];
    }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => json.Slice(Start, Length);

    /// <summary>The value, where it is a string.</summary>
    public string? TextOf(ReadOnlySpan<byte> json) => json[Start] == (byte)'"' ? JsonText.Unquote(Of(json)) : null;

    private static void Take(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, List<EventMember> found)
    {
        var isIt = JsonName.Is(ref reader, name);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (isIt)
        {
            found.Add(new EventMember(start, (int)reader.BytesConsumed - start));
        }
    }
}
