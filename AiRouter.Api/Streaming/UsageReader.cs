using System.Text.Json;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>Reads the <c>usage</c> object of an answer, under the names of the dialects.</summary>
internal static class UsageReader
{
    /// <summary>The figures in <paramref name="json"/> (an object), with what they mean in the answer's dialect.</summary>
    public static TokenUsage Read(ReadOnlySpan<byte> json, StreamDialect dialect)
    {
        if (dialect != StreamDialect.Messages)
        {
            return Read(json);
        }

        var figures = default(MessageFigures);
        figures.Add(json);
        return figures.Usage;
    }

    /// <summary>The figures in <paramref name="json"/> (an object); not known when it has none.</summary>
    public static TokenUsage Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        int? input = null, output = null;
        int? total = null;
        var cached = 0;
        var isEstimated = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonName.Is(ref reader, "prompt_tokens"u8) || JsonName.Is(ref reader, "input_tokens"u8))
            {
                input = Number(ref reader) ?? input;
            }
            else if (JsonName.Is(ref reader, "completion_tokens"u8) || JsonName.Is(ref reader, "output_tokens"u8))
            {
                output = Number(ref reader) ?? output;
            }
            else if (JsonName.Is(ref reader, "total_tokens"u8))
            {
                total = Number(ref reader);
            }
            else if (JsonName.Is(ref reader, "estimated"u8))
            {
                reader.Read();
                isEstimated = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (JsonName.Is(ref reader, "prompt_tokens_details"u8) || JsonName.Is(ref reader, "input_tokens_details"u8) ||
                JsonName.Is(ref reader, "input_token_details"u8))
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
            if (JsonName.Is(ref reader, "cached_tokens"u8))
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
