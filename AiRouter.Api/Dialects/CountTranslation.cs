using System.Buffers;
using System.Text.Json;

namespace AiRouter.Api.Dialects;

/// <summary>The tokens of a request as the counting paths of other dialects tell them: one number, and what it is of.</summary>
/// <param name="kind">The <c>object</c> of the answer; null: it has none.</param>
internal sealed class CountTranslation(string? kind) : IAnswerTranslation
{
    /// <inheritdoc/>
    public void WriteWhole(JsonElement completion, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        if (kind is not null)
        {
            json.WriteString("object"u8, kind);
        }

        json.WriteNumber("input_tokens"u8, completion.GetProperty("usage"u8).GetProperty("prompt_tokens"u8).GetInt32());
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteChunk(JsonElement chunk, IBufferWriter<byte> output) => throw NoStream();

    /// <inheritdoc/>
    public void WriteEnd(IBufferWriter<byte> output) => throw NoStream();

    /// <inheritdoc/>
    public void WriteError(JsonElement error, IBufferWriter<byte> output) => throw NoStream();

    private static InvalidOperationException NoStream() => new("A count is no stream.");
}
