using System.Buffers;
using System.Text.Json;
using AiRouter.Triton;

namespace AiRouter.Api.Streaming;

/// <summary>Legacy completions; chunks are the same object as whole answers.</summary>
internal sealed class CompletionDialect : AnswerDialect
{
    /// <summary>The only one.</summary>
    public static CompletionDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override string IdPrefix => "cmpl-";

    /// <inheritdoc/>
    public override string Whole => "text_completion";

    /// <inheritdoc/>
    public override string Chunk => "text_completion";

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> DeltaOpen => "\"text\":\""u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> DeltaClose => "\""u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Introduction => default;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> CallIntroduction => default;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> LastDelta => "\"text\":\"\""u8;

    /// <inheritdoc/>
    public override void WriteWhole(IBufferWriter<byte> writer, WholeChoice choice, ReadOnlySpan<byte> echo)
    {
        writer.Write(DeltaOpen);
        JsonEscape.Write(writer, echo);
        JsonEscape.Write(writer, choice.Text);
        writer.Write(DeltaClose);
    }

    /// <inheritdoc/>
    public override void WriteLogProbs(IBufferWriter<byte> writer, IReadOnlyList<TokenLogProb> tokens, int textOffset)
    {
        using var json = new Utf8JsonWriter(writer, LogProbJson.Options);
        json.WriteStartObject();
        json.WriteStartArray("tokens"u8);
        foreach (var token in tokens)
        {
            json.WriteStringValue(token.Token);
        }

        json.WriteEndArray();
        json.WriteStartArray("token_logprobs"u8);
        foreach (var token in tokens)
        {
            json.WriteNumberValue(LogProbJson.Finite(token.LogProb));
        }

        json.WriteEndArray();
        WriteTop(json, tokens);
        json.WriteStartArray("text_offset"u8);
        foreach (var token in tokens)
        {
            json.WriteNumberValue(textOffset);
            textOffset += CodePoints(token.Token);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>How Python counts, whose users this shape is for.</summary>
    internal static int CodePoints(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private static void WriteTop(Utf8JsonWriter json, IReadOnlyList<TokenLogProb> tokens)
    {
        json.WriteStartArray("top_logprobs"u8);
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            foreach (var alternative in token.Top.DistinctBy(t => t.Token))
            {
                json.WriteNumber(alternative.Token, LogProbJson.Finite(alternative.LogProb));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
