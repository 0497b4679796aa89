using System.Buffers.Binary;
using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Protocol;

/// <summary>
/// Turns <c>InferTensorContents</c> into the raw form behind the message. Triton itself always answers raw; other
/// servers of the KServe protocol, and proxies, use typed contents.
/// </summary>
internal static class TypedContents
{
    public static bool TryMakeRaw(InferResponse response, ByteRange contents, DataType type, out ByteRange data)
    {
        var start = response.AppendPosition;
        data = default;

        // Append may move the buffer, so each step takes a new reader at its position.
        var position = contents.Start;
        while (position < contents.End)
        {
            var reader = new ProtoReader(response.Buffer, position, contents.End);
            if (!reader.TryReadTag(out var field, out var wireType))
            {
                return false;
            }

            ByteRange range;
            switch (wireType)
            {
                case WireType.Varint:
                    if (!reader.TryReadVarint(out var value) || !TryAppendVarint(response, field, type, value))
                    {
                        return false;
                    }

                    position = reader.Position;
                    continue;
                case WireType.Fixed32 or WireType.Fixed64:
                    if (!reader.TryReadFixed(wireType == WireType.Fixed32 ? 4 : 8, out range))
                    {
                        return false;
                    }

                    break;
                case WireType.Bytes:
                    if (!reader.TryReadBytes(out range))
                    {
                        return false;
                    }

                    break;
                default:
                    return false;
            }

            position = reader.Position;
            if (!TryAppend(response, field, type, range))
            {
                return false;
            }
        }

        data = new ByteRange(start, response.AppendPosition - start);
        return true;
    }

    private static bool TryAppend(InferResponse response, int field, DataType type, ByteRange range)
    {
        return (field, type) switch
        {
            (8, DataType.TypeString) => AppendText(response, range),
            (6, DataType.TypeFp32) or (7, DataType.TypeFp64) => AppendFloats(response, type, range),
            ( >= 1 and <= 5, _) => TryAppendPacked(response, field, type, range),
            _ => false,
        };
    }

    private static bool AppendText(InferResponse response, ByteRange range)
    {
        var target = response.Append(sizeof(uint) + range.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)range.Length);
        response.Slice(range).CopyTo(target[sizeof(uint)..]);
        return true;
    }

    private static bool AppendFloats(InferResponse response, DataType type, ByteRange range)
    {
        var target = response.Append(range.Length);
        response.Slice(range).CopyTo(target);
        return range.Length % TensorTypes.ElementSize(type) == 0;
    }

    private static bool TryAppendPacked(InferResponse response, int field, DataType type, ByteRange range)
    {
        var position = range.Start;
        while (position < range.End)
        {
            var reader = new ProtoReader(response.Buffer, position, range.End);
            if (!reader.TryReadVarint(out var value) || !TryAppendVarint(response, field, type, value))
            {
                return false;
            }

            position = reader.Position;
        }

        return true;
    }

    /// <summary>bool_contents 1, int_contents 2 (up to 32 bits), int64 3, uint 4 (up to 32 bits), uint64 5.</summary>
    private static bool TryAppendVarint(InferResponse response, int field, DataType type, ulong value)
    {
        var fits = (field, type) switch
        {
            (1, DataType.TypeBool) => true,
            (2, DataType.TypeInt8) => (long)value is >= sbyte.MinValue and <= sbyte.MaxValue,
            (2, DataType.TypeInt16) => (long)value is >= short.MinValue and <= short.MaxValue,
            (2, DataType.TypeInt32) => true,
            (3, DataType.TypeInt64) => true,
            (4, DataType.TypeUint8) => value <= byte.MaxValue,
            (4, DataType.TypeUint16) => value <= ushort.MaxValue,
            (4, DataType.TypeUint32) => true,
            (5, DataType.TypeUint64) => true,
            _ => false,
        };
        if (!fits)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, type == DataType.TypeBool && value != 0 ? 1 : value);
        var size = TensorTypes.ElementSize(type);
        bytes[..size].CopyTo(response.Append(size));
        return true;
    }
}
