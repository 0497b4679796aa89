using System.Text.Json;

namespace AiRouter.Triton.Models;

/// <summary>
/// Reads vLLM's <c>logprobs</c>: a JSON list with an object for each new token, of
/// <c>"token id": { "logprob", "rank", "decoded_token" }</c>, the chosen token first (<c>triton.md</c> §1.5).
/// </summary>
internal static class VllmLogProbs
{
    /// <summary>The new tokens' log probabilities; null when the text is not what it should be.</summary>
    public static IReadOnlyList<TokenLogProb>? Read(ReadOnlySpan<byte> text, int top)
    {
        var json = new Utf8JsonReader(text);
        try
        {
            if (!json.Read())
            {
                return null;
            }

            // "null": none were made for this response.
            if (json.TokenType == JsonTokenType.Null)
            {
                return [];
            }

            using var document = JsonDocument.ParseValue(ref json);
            return [.. document.RootElement.EnumerateArray().Select(place => ReadPlace(place, top))];
        }
        catch (Exception exception) when (exception
            is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static TokenLogProb ReadPlace(JsonElement place, int top)
    {
        var candidates = place.EnumerateObject().Select(ReadCandidate).ToArray();
        if (candidates.Length == 0)
        {
            throw new JsonException("A place without a token.");
        }

        var (_, chosen) = candidates[0];
        return new TokenLogProb(
            chosen.Token,
            chosen.LogProb,
            [.. candidates.Where(candidate => candidate.Rank <= top).OrderBy(candidate => candidate.Rank)
                .Select(candidate => candidate.Token)]);
    }

    private static (int Rank, TokenAlternative Token) ReadCandidate(JsonProperty candidate)
    {
        var value = candidate.Value;
        var token = value.TryGetProperty("decoded_token", out var text) ? text.GetString() : null;
        var rank = value.TryGetProperty("rank", out var place) && place.ValueKind == JsonValueKind.Number
            ? place.GetInt32()
            : int.MaxValue;
        return (rank, new TokenAlternative(token ?? string.Empty, value.GetProperty("logprob").GetDouble()));
    }
}
