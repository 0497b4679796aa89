using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Tensors;

/// <summary>Contents of output tensors in the layout of raw_output_contents: little-endian, BYTES with a length before each.</summary>
internal static class TensorWriter
{
    public static ByteString Bytes(params ReadOnlySpan<ReadOnlyMemory<byte>> elements)
    {
        var size = 0;
        foreach (var element in elements)
        {
            size += sizeof(uint) + element.Length;
        }

        var buffer = new byte[size];
        var rest = buffer.AsSpan();
        foreach (var element in elements)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)element.Length);
            element.Span.CopyTo(rest[sizeof(uint)..]);
            rest = rest[(sizeof(uint) + element.Length)..];
        }

        return UnsafeByteOperations.UnsafeWrap(buffer);
    }

    public static ByteString Text(string text)
    {
        return Bytes(Encoding.UTF8.GetBytes(text));
    }

    public static ByteString Int32(params ReadOnlySpan<int> values)
    {
        return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
    }

    public static ByteString Int64(params ReadOnlySpan<long> values)
    {
        return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
    }

    public static ByteString Single(params ReadOnlySpan<float> values)
    {
        return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
    }
}
