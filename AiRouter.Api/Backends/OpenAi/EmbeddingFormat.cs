using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// Vectors in base64 from a backend that was not asked for it (or was, by the operator's <c>force</c>): clients that want
/// numbers cannot read them (<c>openai-api.md</c> §2.5). The reverse is tolerated by all and passes.
/// </summary>
internal static class EmbeddingFormat
{
    /// <summary>Whether the client wants numbers, which is the default.</summary>
    public static bool WantsNumbers(RequestBody? body) =>
        body is not JsonBody { Index: var index } || index.Find("encoding_format"u8) is var format &&
        (format.IsNull || !index.ValueOf(format).SequenceEqual("\"base64\""u8));

    /// <summary>Adds the edits that turn base64 into numbers; false when a vector is neither.</summary>
    public static bool TryConvert(ReadOnlySpan<byte> json, JsonEdits edits)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        var isData = false;
        while (reader.Read())
        {
            // Depth 1: the answer. 2: its data. 3: one of them.
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            isData = reader.CurrentDepth == 1 ? JsonName.Is(ref reader, "data"u8) : isData;
            var isVector = isData && reader.CurrentDepth == 3 && JsonName.Is(ref reader, "embedding"u8);
            if (isVector && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                var start = (int)reader.TokenStartIndex;
                if (Numbers(ref reader) is not { } numbers)
                {
                    return false;
                }

                edits.Replace(start, (int)reader.BytesConsumed - start, numbers);
            }
        }

        return true;
    }

    private static byte[]? Numbers(ref Utf8JsonReader reader)
    {
        if (!reader.TryGetBytesFromBase64(out var bytes) || bytes.Length % sizeof(float) != 0)
        {
            return null;
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            if (!float.IsFinite(vector[i]))
            {
                return null;
            }
        }

        var text = new ArrayBufferWriter<byte>(16 + (vector.Length * 12));
        EmbeddingsJson.WriteNumbers(text, vector);
        return text.WrittenSpan.ToArray();
    }
}
