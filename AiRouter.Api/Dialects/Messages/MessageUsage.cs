using System.Text.Json;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>The figures of an answer as a message has them: what came from the cache is no part of the input there.</summary>
/// <param name="Input">Input tokens, those of the cache not among them.</param>
/// <param name="CacheRead">Input tokens from the cache; null: not known.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="Thinking">Those of them that were thinking; null: not known.</param>
/// <param name="IsEstimated">They are no count of the model's.</param>
internal readonly record struct MessageUsage(long Input, long? CacheRead, long Output, long? Thinking, bool IsEstimated)
{
    /// <summary>Nobody has told any. The API has no word for that, so it is marked as what it is not: a count.</summary>
    public static readonly MessageUsage Unknown = new(0, null, 0, null, IsEstimated: true);

    /// <summary>What the router counts for an answer that tells nothing itself.</summary>
    public static MessageUsage Of(TokenUsage counted) => counted.IsKnown
        ? new MessageUsage(Math.Max(0, counted.Input - counted.CachedInput), null, counted.Output, null, counted.IsEstimated)
        : Unknown;

    /// <summary>Reads the <c>usage</c> of chat.</summary>
    public static MessageUsage Read(JsonElement usage)
    {
        var input = Count(usage, "prompt_tokens") ?? 0;
        var cached = Count(JsonElements.In(usage, "prompt_tokens_details", JsonValueKind.Object), "cached_tokens");
        return new MessageUsage(
            Math.Max(0, input - (cached ?? 0)), cached, Count(usage, "completion_tokens") ?? 0,
            Count(JsonElements.In(usage, "completion_tokens_details", JsonValueKind.Object), "reasoning_tokens"),
            usage.TryGetProperty("estimated", out var estimated) && estimated.ValueKind == JsonValueKind.True);
    }

    /// <summary>Writes it, as the value of a member.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", Input);
        json.WriteNull("cache_creation_input_tokens");
        if (CacheRead is { } cached)
        {
            json.WriteNumber("cache_read_input_tokens", cached);
        }
        else
        {
            json.WriteNull("cache_read_input_tokens");
        }

        json.WriteNumber("output_tokens", Output);
        if (Thinking is { } thinking)
        {
            json.WriteStartObject("output_tokens_details");
            json.WriteNumber("thinking_tokens", thinking);
            json.WriteEndObject();
        }

        if (IsEstimated)
        {
            json.WriteBoolean("estimated", true);
        }

        json.WriteEndObject();
    }

    /// <summary>A count; some servers write <c>12.0</c>.</summary>
    private static long? Count(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetDouble(out var number) && number is >= 0 and < 1L << 52 ? (long)number : null;
}
