using System.Text;
using System.Text.Json;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>Log probabilities of an answer's tokens: chat's, in which only the bytes may be missing.</summary>
internal sealed class LogProbList
{
    private readonly List<byte[]> _tokens = [];

    /// <summary>How many there are.</summary>
    public int Count => _tokens.Count;

    /// <summary>Adds those of a chunk.</summary>
    public void Add(JsonElement? logProbs)
    {
        foreach (var token in logProbs?.ListMember("content") ?? default)
        {
            if (token.ValueKind == JsonValueKind.Object)
            {
                _tokens.Add(Translate(token));
            }
        }
    }

    /// <summary>Writes an array of those from number <paramref name="first"/> on.</summary>
    public void Write(Utf8JsonWriter json, int first)
    {
        json.WriteStartArray();
        for (var i = first; i < _tokens.Count; i++)
        {
            json.WriteRawValue(_tokens[i], skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static byte[] Translate(JsonElement token)
    {
        using var buffer = new PooledBufferWriter();
        using (var json = new Utf8JsonWriter(buffer, LogProbJson.Options))
        {
            json.WriteStartObject();
            WriteToken(json, token);
            json.WriteStartArray("top_logprobs"u8);
            foreach (var other in token.ListMember("top_logprobs"))
            {
                json.WriteStartObject();
                WriteToken(json, other);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteToken(Utf8JsonWriter json, JsonElement token)
    {
        var text = token.TextMember("token") ?? "";
        json.WriteString("token"u8, text);
        json.WriteNumber(
            "logprob"u8,
            LogProbJson.Finite(token.Member("logprob") is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
                ? number
                : double.NegativeInfinity));

        // The API demands them. Where the backend gave none the token is whole characters, as a rule.
        json.WriteStartArray("bytes"u8);
        if (token.Member("bytes") is { ValueKind: JsonValueKind.Array } bytes)
        {
            foreach (var item in bytes.EnumerateArray())
            {
                json.WriteNumberValue(item.ValueKind == JsonValueKind.Number && item.TryGetByte(out var one) ? one : 0);
            }
        }
        else
        {
            foreach (var one in Encoding.UTF8.GetBytes(text))
            {
                json.WriteNumberValue(one);
            }
        }

        json.WriteEndArray();
    }
}
