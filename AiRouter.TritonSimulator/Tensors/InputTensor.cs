using System.Buffers.Binary;
using System.Text;
using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Tensors;

/// <summary>An input tensor: its content always in the raw layout, whichever way the client sent it.</summary>
internal sealed record InputTensor(string Name, string Datatype, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Raw)
{
    private DataType Type => TensorTypes.FromProtocolName(Datatype);

    /// <summary>The elements of a BYTES tensor that has passed validation.</summary>
    public List<ReadOnlyMemory<byte>> Elements()
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        var rest = Raw;
        while (rest.Length >= sizeof(uint))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span);
            rest = rest[sizeof(uint)..];
            var end = (int)Math.Min(length, (uint)rest.Length);
            elements.Add(rest[..end]);
            rest = rest[end..];
        }

        return elements;
    }

    /// <summary>The first element of a BYTES tensor as text; empty if it has none.</summary>
    public string Text()
    {
        var elements = Elements();
        return elements.Count == 0 ? "" : Encoding.UTF8.GetString(elements[0].Span);
    }

    /// <summary>The first number; null if the tensor is empty or not one of numbers.</summary>
    public double? Number()
    {
        var values = Values();
        return values.Count == 0
            ? null
            : values[0] switch
            {
                bool flag => flag ? 1 : 0,
                long number => number,
                ulong number => number,
                float number => number,
                double number => number,
                _ => null,
            };
    }

    /// <summary>All elements as .NET values, for the record of a request.</summary>
    public List<object> Values()
    {
        var values = new List<object>();
        if (Type == DataType.TypeString)
        {
            foreach (var element in Elements())
            {
                values.Add(Encoding.UTF8.GetString(element.Span));
            }

            return values;
        }

        var size = TensorTypes.ElementSize(Type);
        if (size == 0 || Raw.Length % size != 0)
        {
            return values;
        }

        for (var at = 0; at < Raw.Length; at += size)
        {
            values.Add(Value(Raw.Span.Slice(at, size)));
        }

        return values;
    }

    private object Value(ReadOnlySpan<byte> bytes)
    {
        return Type switch
        {
            DataType.TypeBool => bytes[0] != 0,
            DataType.TypeUint8 => (long)bytes[0],
            DataType.TypeInt8 => (long)(sbyte)bytes[0],
            DataType.TypeUint16 => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            DataType.TypeInt16 => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            DataType.TypeUint32 => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            DataType.TypeInt32 => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            DataType.TypeUint64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            DataType.TypeInt64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            DataType.TypeFp16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            DataType.TypeBf16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
            DataType.TypeFp64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        };
    }
}
