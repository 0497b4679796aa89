using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Streaming;

/// <summary>Writes a list of embeddings (<c>openai-api.md</c> §2.5).</summary>
internal static class EmbeddingsJson
{
    // The longest shortest-form float32, such as -1.17549435E-38, has 15 characters.
    private const int MaxFloatChars = 24;

    /// <summary>Writes the whole response.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vectors">In the order of the request's inputs; every number finite.</param>
    /// <param name="asBase64">Little-endian float32 in base64; else the shortest decimal text of each float32.</param>
    /// <param name="model">The public model name.</param>
    /// <param name="usage">What it cost.</param>
    public static void Write(
        IBufferWriter<byte> writer, IReadOnlyList<ReadOnlyMemory<float>> vectors, bool asBase64, string model, TokenUsage usage)
    {
        writer.Write("{\"object\":\"list\",\"data\":["u8);
        for (var i = 0; i < vectors.Count; i++)
        {
            writer.Write(i == 0 ? "{\"object\":\"embedding\",\"index\":"u8 : ",{\"object\":\"embedding\",\"index\":"u8);
            WriteNumber(writer, i);
            writer.Write(",\"embedding\":"u8);
            if (asBase64)
            {
                WriteBase64(writer, vectors[i].Span);
            }
            else
            {
                WriteNumbers(writer, vectors[i].Span);
            }

            writer.Write("}"u8);
        }

        writer.Write("],\"model\":\""u8);
        writer.Write(JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        writer.Write("\",\"usage\":"u8);
        writer.Write(UsageText.OfInput(usage));
        writer.Write("}"u8);
    }

    /// <summary>A vector as an array of numbers, the shortest text of each.</summary>
    public static void WriteNumbers(IBufferWriter<byte> writer, ReadOnlySpan<float> vector)
    {
        writer.Write("["u8);
        for (var i = 0; i < vector.Length; i++)
        {
            if (i > 0)
            {
                writer.Write(","u8);
            }

            WriteNumber(writer, vector[i]);
        }

        writer.Write("]"u8);
    }

    private static void WriteNumber<T>(IBufferWriter<byte> writer, T value)
        where T : IUtf8SpanFormattable
    {
        var span = writer.GetSpan(MaxFloatChars);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        writer.Advance(written);
    }

    private static void WriteBase64(IBufferWriter<byte> writer, ReadOnlySpan<float> vector)
    {
        writer.Write("\""u8);
        var bytes = BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(vector) : Swapped(vector);
        var span = writer.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, span, out _, out var written);
        writer.Advance(written);
        writer.Write("\""u8);
    }

    private static ReadOnlySpan<byte> Swapped(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }
}
