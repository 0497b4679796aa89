using System.Buffers;

namespace AiRouter.Triton.Protocol;

/// <summary>Writes the protobuf fields of a request.</summary>
internal static class ProtoWriter
{
    private const int LongestVarint = 10;

    /// <summary>A length-delimited field: string, bytes or message.</summary>
    public static void WriteBytes(IBufferWriter<byte> target, int field, ReadOnlySpan<byte> value)
    {
        var span = target.GetSpan(LongestVarint + LongestVarint);
        var written = WriteVarint(span, (uint)((field << 3) | (int)WireType.Bytes));
        written += WriteVarint(span[written..], (uint)value.Length);
        target.Advance(written);
        target.Write(value);
    }

    /// <summary>A packed list of numbers; nothing for an empty one.</summary>
    public static void WritePacked(IBufferWriter<byte> target, int field, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var packed = new byte[values.Length * LongestVarint];
        var length = 0;
        foreach (var value in values)
        {
            length += WriteVarint(packed.AsSpan(length), (ulong)value);
        }

        WriteBytes(target, field, packed.AsSpan(0, length));
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }
}
