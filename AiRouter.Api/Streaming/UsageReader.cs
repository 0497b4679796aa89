using System.Text.Json;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Streaming;

/// <summary>Reads the <c>usage</c> object of an answer, under the names of every dialect.</summary>
internal static class UsageReader
{
    /// <summary>The figures in <paramref name="json"/> (an object); not known when it has none.</summary>
    public static TokenUsage Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        int? input = null, output = null;
        int? total = null;
        var cached = 0;
        var isEstimated = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
            {
                input = Number(ref reader) ?? input;
            }
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
            {
                output = Number(ref reader) ?? output;
            }
            else if (reader.ValueTextEquals("total_tokens"u8))
            {
                total = Number(ref reader);
            }
            else if (reader.ValueTextEquals("estimated"u8))
            {
                reader.Read();
                isEstimated = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8))
            {
                reader.Read();
                cached = Cached(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (input is null && output is null && total is null)
        {
            return default;
        }

        return new TokenUsage(input ?? total ?? 0, cached, output ?? 0, isEstimated);
    }

    private static int Cached(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return 0;
        }

        var cached = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8))
            {
                cached = Number(ref reader) ?? 0;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return cached;
    }

    /// <summary>A count; some backends write <c>12.0</c>.</summary>
    private static int? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value is >= 0 and <= int.MaxValue)
        {
            return (int)value;
        }

        reader.Skip();
        return null;
    }
}
