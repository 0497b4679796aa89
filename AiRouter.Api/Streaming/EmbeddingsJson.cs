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
    /// <summary>The longest text of a number, with the comma behind it.</summary>
    private const int MostNumberBytes = 16;

    /// <summary>What a number of a unit vector takes, with its comma: so much room is made at once.</summary>
    private const int UsualNumberBytes = 13;

    /// <summary>Numbers between two looks for room.</summary>
    private const int Block = 64;

    /// <summary>What stands around a vector.</summary>
    private const int VectorBytes = 64;

    /// <summary>Writes the whole response.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="vectors">In the order of the request's inputs; every number finite.</param>
    /// <param name="asBase64">Little-endian float32 in base64; else the shortest decimal text of each float32.</param>
    /// <param name="model">The public model name.</param>
    /// <param name="usage">What it cost.</param>
    public static void Write(
        IBufferWriter<byte> writer, IReadOnlyList<ReadOnlyMemory<float>> vectors, bool asBase64, string model, TokenUsage usage)
    {
        // A buffer that grows as it goes would be copied as often as it doubles.
        _ = writer.GetSpan(ExpectedSize(vectors, asBase64));
        writer.Write("{\"object\":\"list\",\"data\":["u8);
        for (var i = 0; i < vectors.Count; i++)
        {
            writer.Write(i == 0 ? "{\"object\":\"embedding\",\"index\":"u8 : ",{\"object\":\"embedding\",\"index\":"u8);
            WriteIndex(writer, i);
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
        while (!vector.IsEmpty)
        {
            var block = vector[..Math.Min(Block, vector.Length)];
            vector = vector[block.Length..];
            var span = writer.GetSpan((block.Length * MostNumberBytes) + FloatText.MostBytes);
            var length = 0;
            foreach (var number in block)
            {
                length += FloatText.Write(span[length..], number);
                span[length++] = (byte)',';
            }

            writer.Advance(vector.IsEmpty ? length - 1 : length);
        }

        writer.Write("]"u8);
    }

    private static int ExpectedSize(IReadOnlyList<ReadOnlyMemory<float>> vectors, bool asBase64)
    {
        var size = 256L;
        for (var i = 0; i < vectors.Count; i++)
        {
            var length = vectors[i].Length;
            size += VectorBytes + (asBase64 ? ((length * sizeof(float)) + 2) / 3 * 4 : length * UsualNumberBytes);
        }

        return (int)Math.Min(size, Array.MaxLength / 2);
    }

    private static void WriteIndex(IBufferWriter<byte> writer, int index)
    {
        var span = writer.GetSpan(MostNumberBytes);
        index.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
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
