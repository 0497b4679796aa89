using System.Text.Json;

namespace AiRouter.Api.Dialects;

/// <summary>
/// A chunk of chat that brings a piece of text and nothing else, as nearly every chunk of a stream does: read in place, without the
/// document that any other chunk is made into.
/// </summary>
internal readonly ref struct TextDelta
{
    /// <summary>What the model thinks, and not what it says.</summary>
    public bool IsThought { get; private init; }

    /// <summary>The text as a JSON string, with its quotes, as it stands in the chunk; not empty.</summary>
    public ReadOnlySpan<byte> Quoted { get; private init; }

    /// <summary>Reads a chunk. False: it says more, or something else, or may.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool TryRead(ReadOnlySpan<byte> chunk, out TextDelta delta)
    {
        delta = default;
        var reader = new Utf8JsonReader(chunk);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var hasChoices = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                if (hasChoices || !TryReadChoices(ref reader, chunk, out delta))
                {
                    return false;
                }

                hasChoices = true;
                continue;
            }

            var mayTell = reader.ValueTextEquals("usage"u8) || reader.ValueTextEquals("error"u8);
            reader.Read();

            // What it is called stands in every chunk. The first one and the last, which are never texts alone, tell it too.
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ||
                (mayTell && reader.TokenType != JsonTokenType.Null))
            {
                return false;
            }
        }

        return !delta.Quoted.IsEmpty;
    }

    private static bool TryReadChoices(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk, out TextDelta delta)
    {
        delta = default;
        var hasDelta = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray ||
            !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                if (hasDelta || !TryReadDelta(ref reader, chunk, out delta))
                {
                    return false;
                }

                hasDelta = true;
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var index) || index != 0)
                {
                    return false;
                }
            }
            else if (!reader.Read() || reader.TokenType != JsonTokenType.Null)
            {
                return false;
            }
        }

        return reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryReadDelta(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk, out TextDelta delta)
    {
        delta = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isThought = reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8);
            var isText = isThought || reader.ValueTextEquals("content"u8);
            var isRole = !isText && reader.ValueTextEquals("role"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null ||
                (reader.TokenType == JsonTokenType.String && (isRole || (isText && reader.ValueSpan.IsEmpty))))
            {
                continue;
            }

            if (!isText || reader.TokenType != JsonTokenType.String || !delta.Quoted.IsEmpty)
            {
                return false;
            }

            delta = new TextDelta
            {
                IsThought = isThought,
                Quoted = chunk[(int)reader.TokenStartIndex..(int)reader.BytesConsumed],
            };
        }

        return true;
    }
}
