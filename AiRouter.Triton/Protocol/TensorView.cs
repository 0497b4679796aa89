using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Protocol;

/// <summary>
/// One output tensor of an <see cref="InferResponse"/>, in Triton's raw form (little-endian; BYTES as length and
/// bytes). Valid while the response is. A false answer means that the tensor is malformed or of another type.
/// </summary>
internal readonly ref struct TensorView(DataType type, ReadOnlySpan<long> shape, int elements, ReadOnlySpan<byte> data)
{
    public DataType Type { get; } = type;

    public ReadOnlySpan<long> Shape { get; } = shape;

    /// <summary>The product of <see cref="Shape"/>.</summary>
    public int Elements { get; } = elements;

    private ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>
    /// The first element of a BYTES tensor; empty for a tensor without elements. The whole tensor is checked: every
    /// length inside it, and that there are as many elements as the shape says.
    /// </summary>
    public bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (Type != DataType.TypeString)
        {
            return false;
        }

        var rest = Data;
        var count = 0;
        while (rest.Length >= sizeof(uint))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            rest = rest[sizeof(uint)..];
            if (length > (uint)rest.Length)
            {
                return false;
            }

            if (count++ == 0)
            {
                text = rest[..(int)length];
            }

            rest = rest[(int)length..];
        }

        return rest.IsEmpty && count == Elements;
    }

    /// <summary>The sum of an integer tensor: one counter, or one for each of several sequences.</summary>
    public bool TryReadSum(out long sum)
    {
        sum = 0;
        var size = TensorTypes.ElementSize(Type);
        if (!IsInteger(Type) || Data.Length != (long)Elements * size)
        {
            return false;
        }

        for (var at = 0; at < Data.Length; at += size)
        {
            var value = Data.Slice(at, size);
            var number = Type switch
            {
                DataType.TypeUint8 => value[0],
                DataType.TypeInt8 => (sbyte)value[0],
                DataType.TypeUint16 => BinaryPrimitives.ReadUInt16LittleEndian(value),
                DataType.TypeInt16 => BinaryPrimitives.ReadInt16LittleEndian(value),
                DataType.TypeUint32 => BinaryPrimitives.ReadUInt32LittleEndian(value),
                DataType.TypeInt32 => BinaryPrimitives.ReadInt32LittleEndian(value),
                _ => BinaryPrimitives.ReadInt64LittleEndian(value),
            };
            if (number is < 0 or > int.MaxValue)
            {
                return false;
            }

            sum += number;
        }

        return true;
    }

    /// <summary>
    /// Copies all elements of a floating-point tensor; <paramref name="target"/> must hold <see cref="Elements"/>.
    /// </summary>
    public bool TryReadFloats(Span<float> target)
    {
        var size = TensorTypes.ElementSize(Type);
        if (size == 0 || Data.Length != (long)Elements * size || target.Length < Elements)
        {
            return false;
        }

        if (Type == DataType.TypeFp32 && BitConverter.IsLittleEndian)
        {
            Data.CopyTo(MemoryMarshal.AsBytes(target));
            return true;
        }

        for (var i = 0; i < Elements; i++)
        {
            var value = Data.Slice(i * size, size);
            switch (Type)
            {
                case DataType.TypeFp32:
                    target[i] = BinaryPrimitives.ReadSingleLittleEndian(value);
                    break;
                case DataType.TypeFp16:
                    target[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(value);
                    break;
                case DataType.TypeBf16:
                    target[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(value) << 16);
                    break;
                case DataType.TypeFp64:
                    target[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(value);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool IsInteger(DataType type) => type is >= DataType.TypeUint8 and <= DataType.TypeInt64;
}
