using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Triton;

namespace AiRouter.Api.Streaming;

/// <summary>Chat completions.</summary>
internal sealed class ChatDialect : AnswerDialect
{
    /// <summary>The only one.</summary>
    public static ChatDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override string IdPrefix => "chatcmpl-";

    /// <inheritdoc/>
    public override string Whole => "chat.completion";

    /// <inheritdoc/>
    public override string Chunk => "chat.completion.chunk";

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> DeltaOpen => "\"delta\":{\"content\":\""u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> DeltaClose => "\"}"u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Introduction => "\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> CallIntroduction =>
        "\"delta\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null}"u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> LastDelta => "\"delta\":{}"u8;

    /// <inheritdoc/>
    public override void WriteWhole(IBufferWriter<byte> writer, WholeChoice choice, ReadOnlySpan<byte> echo)
    {
        writer.Write("\"message\":{\"role\":\"assistant\""u8);
        choice.WriteReasoning(writer);
        if (choice.HasCalls && choice.Text.IsEmpty)
        {
            writer.Write(",\"content\":null"u8);
        }
        else
        {
            writer.Write(",\"content\":\""u8);
            JsonEscape.Write(writer, choice.Text);
            writer.Write("\""u8);
        }

        choice.WriteCalls(writer);
        writer.Write(",\"refusal\":null,\"annotations\":[]}"u8);
    }

    /// <inheritdoc/>
    public override void WriteLogProbs(IBufferWriter<byte> writer, IReadOnlyList<TokenLogProb> tokens, int textOffset)
    {
        using var json = new Utf8JsonWriter(writer, LogProbJson.Options);
        json.WriteStartObject();
        json.WriteStartArray("content"u8);
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token.Token, token.LogProb);
            json.WriteStartArray("top_logprobs"u8);
            foreach (var alternative in token.Top)
            {
                json.WriteStartObject();
                WriteToken(json, alternative.Token, alternative.LogProb);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, string token, double logProb)
    {
        json.WriteString("token"u8, token);
        json.WriteNumber("logprob"u8, LogProbJson.Finite(logProb));
        json.WriteStartArray("bytes"u8);
        foreach (var value in Encoding.UTF8.GetBytes(token))
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
