using System.Buffers;
using System.Text.Json;

namespace AiRouter.Triton.Models;

/// <summary>
/// vLLM's <c>embedding_request</c> and its answer, a JSON list in <c>text_output</c> (<c>triton.md</c> §1.5).
/// </summary>
internal static class VllmEmbeddings
{
    public static ReadOnlySpan<byte> Write(EmbeddingInput input, int? dimensions)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (input.Tokens is { } tokens)
        {
            json.WriteStartArray("input");
            foreach (var token in tokens)
            {
                json.WriteNumberValue(token);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("input", input.Text.Span);
        }

        if (dimensions is { } length)
        {
            json.WriteStartObject("pooling_params");
            json.WriteStartArray("dimensions");
            json.WriteNumberValue(length);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    /// <summary>The vector; null when the text is not a list of numbers.</summary>
    public static VectorBlock? Read(ReadOnlySpan<byte> text)
    {
        // Each number takes two bytes at least.
        var vector = new VectorBlock(1, (text.Length / 2) + 1);
        if (TryRead(text, vector))
        {
            return vector;
        }

        vector.Dispose();
        return null;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, VectorBlock vector)
    {
        var json = new Utf8JsonReader(text);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            var numbers = vector.Numbers;
            var length = 0;
            while (json.Read() && json.TokenType == JsonTokenType.Number)
            {
                numbers[length++] = json.GetSingle();
            }

            vector.Shorten(length);
            return json.TokenType == JsonTokenType.EndArray && json.CurrentDepth == 0 && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
