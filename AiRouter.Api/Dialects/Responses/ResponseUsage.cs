using System.Text.Json;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What an answer cost.</summary>
/// <param name="Input">Tokens of the prompt.</param>
/// <param name="Cached">Those of them that the backend knew already.</param>
/// <param name="Written">Those of them that the backend keeps for the next time.</param>
/// <param name="Output">Tokens of the answer.</param>
/// <param name="Reasoning">Those of them that were thought.</param>
/// <param name="Total">All.</param>
internal sealed record ResponseUsage(int Input, int Cached, int Written, int Output, int Reasoning, int Total)
{
    /// <summary>They are no count of the model's.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What the router counts for an answer that tells nothing itself; null: nothing.</summary>
    public static ResponseUsage? Of(TokenUsage counted) => counted.IsKnown
        ? new ResponseUsage(counted.Input, counted.CachedInput, 0, counted.Output, counted.Reasoning ?? 0, counted.Total)
        {
            IsEstimated = counted.IsEstimated,
        }
        : null;

    /// <summary>Chat's figures; null where there are none.</summary>
    public static ResponseUsage? Read(JsonElement answer)
    {
        if (answer.ObjectMember("usage") is not { } usage)
        {
            return null;
        }

        var prompt = usage.ObjectMember("prompt_tokens_details") ?? default;
        var completion = usage.ObjectMember("completion_tokens_details") ?? default;
        var input = usage.CountMember("prompt_tokens") ?? 0;
        var output = usage.CountMember("completion_tokens") ?? 0;
        return new ResponseUsage(
            input,
            prompt.CountMember("cached_tokens") ?? 0,
            prompt.CountMember("cache_write_tokens") ?? 0,
            output,
            completion.CountMember("reasoning_tokens") ?? 0,
            usage.CountMember("total_tokens") ?? (int)Math.Min(int.MaxValue, (long)input + output))
        {
            IsEstimated = usage.Member("estimated") is { ValueKind: JsonValueKind.True },
        };
    }

    /// <summary>Writes the object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, Input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached);
        json.WriteNumber("cache_write_tokens"u8, Written);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, Output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, Total);
        if (IsEstimated)
        {
            json.WriteBoolean("estimated"u8, true);
        }

        json.WriteEndObject();
    }
}
