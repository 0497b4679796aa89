using System.Text;
using System.Text.Json;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Sockets;

/// <summary>Finds the <c>type</c> of an event, as a rule in its first bytes.</summary>
internal static class EventType
{
    /// <summary>What a beginning tells.</summary>
    public enum Sight
    {
        /// <summary>The type.</summary>
        Found,

        /// <summary>Nothing yet: the type may follow.</summary>
        NotYet,

        /// <summary>It is no event.</summary>
        None,
    }

    /// <summary>Looks for it.</summary>
    /// <param name="beginning">The first bytes of a message.</param>
    /// <param name="isWhole">Whether they are all of it.</param>
    /// <param name="type">The type, where it is found.</param>
    public static Sight Find(ReadOnlySpan<byte> beginning, bool isWhole, out ReadOnlySpan<byte> type)
    {
        type = default;
        var state = new JsonReaderState(new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        var reader = new Utf8JsonReader(beginning, isWhole, state);
        try
        {
            if (!reader.Read())
            {
                return Sight.NotYet;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Sight.None;
            }

            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    return Sight.None;
                }

                var isType = JsonName.Is(ref reader, "type"u8);
                if (!reader.Read())
                {
                    return Sight.NotYet;
                }

                if (isType)
                {
                    type = reader.TokenType != JsonTokenType.String ? default
                        : reader.ValueIsEscaped ? Unescaped(ref reader)
                        : reader.ValueSpan;
                    return type.IsEmpty ? Sight.None : Sight.Found;
                }

                if (!reader.TrySkip())
                {
                    return Sight.NotYet;
                }
            }

            return Sight.NotYet;
        }
        catch (JsonException)
        {
            // What it is, is between the two sides.
            return Sight.None;
        }
    }

    /// <summary>The text of a string that is written in a roundabout way; empty for half a surrogate pair, which is no text.</summary>
    private static byte[] Unescaped(ref Utf8JsonReader reader)
    {
        try
        {
            return Encoding.UTF8.GetBytes(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // The documented answer to a lone surrogate.
            return [];
        }
    }
}
