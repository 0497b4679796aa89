using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRouter.TritonSimulator.Scripts;

namespace AiRouter.TritonSimulator.Models;

/// <summary>Made-up log probabilities: every token has the same, its alternatives have less.</summary>
internal static class Logprobs
{
    public const float PerToken = -0.25f;

    /// <summary>vLLM's JSON for the tokens of one response: a list with one object per token, its keys token ids.</summary>
    public static byte[] Json(Generation generation, int alternatives)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (var i = 0; i < generation.OutputTokens; i++)
            {
                writer.WriteStartObject();
                Entry(writer, generation.Answer.Tokens[generation.First + i], 1);
                for (var rank = 2; rank <= alternatives; rank++)
                {
                    Entry(writer, new Token(Encoding.UTF8.GetBytes($" alternative{rank}")), rank);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same id for the same text, always.</summary>
    public static int TokenId(ReadOnlySpan<byte> text)
    {
        return (int)(Fnv1A.Hash(text) % 32_000);
    }

    private static void Entry(Utf8JsonWriter writer, Token token, int rank)
    {
        writer.WriteStartObject(TokenId(token.Text.Span).ToString(CultureInfo.InvariantCulture));
        writer.WriteNumber("logprob", PerToken * rank);
        writer.WriteNumber("rank", rank);
        writer.WriteString("decoded_token", Encoding.UTF8.GetString(token.Text.Span));
        writer.WriteEndObject();
    }
}
