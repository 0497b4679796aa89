using System.Buffers;
using System.Buffers.Binary;
using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Protocol;

/// <summary>
/// Writes numbers in a tensor's declared type, little-endian. The same setting is UINT32 in one release and INT32 in
/// the next.
/// </summary>
internal static class NumberCodec
{
    /// <summary>Writes a whole number; false when it does not fit the type.</summary>
    public static bool TryWrite(IBufferWriter<byte> target, DataType type, Int128 value)
    {
        if (type is DataType.TypeFp16 or DataType.TypeFp32 or DataType.TypeFp64 or DataType.TypeBf16)
        {
            return TryWrite(target, type, (double)value);
        }

        var (least, most) = Range(type);
        if (value < least || value > most)
        {
            return false;
        }

        // The low bytes of the two's complement are the number in any narrower type.
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        target.Write(bytes[..TensorTypes.ElementSize(type)]);
        return true;
    }

    /// <summary>Writes a number; false when it does not fit the type.</summary>
    public static bool TryWrite(IBufferWriter<byte> target, DataType type, double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        switch (type)
        {
            case DataType.TypeFp16:
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
            case DataType.TypeBf16:
                var bits = BitConverter.SingleToUInt32Bits((float)value);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(bits >> 16));
                break;
            case DataType.TypeFp32:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
                break;
            case DataType.TypeFp64:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            default:
                return double.IsInteger(value) && Math.Abs(value) < 1e18 && TryWrite(target, type, (Int128)value);
        }

        target.Write(bytes[..TensorTypes.ElementSize(type)]);
        return double.IsFinite(value);
    }

    private static (Int128 Least, Int128 Most) Range(DataType type) => type switch
    {
        DataType.TypeBool => (0, 1),
        DataType.TypeUint8 => (byte.MinValue, byte.MaxValue),
        DataType.TypeUint16 => (ushort.MinValue, ushort.MaxValue),
        DataType.TypeUint32 => (uint.MinValue, uint.MaxValue),
        DataType.TypeUint64 => (ulong.MinValue, ulong.MaxValue),
        DataType.TypeInt8 => (sbyte.MinValue, sbyte.MaxValue),
        DataType.TypeInt16 => (short.MinValue, short.MaxValue),
        DataType.TypeInt32 => (int.MinValue, int.MaxValue),
        DataType.TypeInt64 => (long.MinValue, long.MaxValue),
        _ => (1, 0),
    };
}
