using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Protocol;

/// <summary>The element types of tensors: their names on the wire and their sizes.</summary>
internal static class TensorTypes
{
    /// <summary>
    /// The name in a request or response; it is the configuration's name without <c>TYPE_</c>, but for BYTES.
    /// </summary>
    public static ReadOnlySpan<byte> WireName(DataType type) => type switch
    {
        DataType.TypeBool => "BOOL"u8,
        DataType.TypeUint8 => "UINT8"u8,
        DataType.TypeUint16 => "UINT16"u8,
        DataType.TypeUint32 => "UINT32"u8,
        DataType.TypeUint64 => "UINT64"u8,
        DataType.TypeInt8 => "INT8"u8,
        DataType.TypeInt16 => "INT16"u8,
        DataType.TypeInt32 => "INT32"u8,
        DataType.TypeInt64 => "INT64"u8,
        DataType.TypeFp16 => "FP16"u8,
        DataType.TypeFp32 => "FP32"u8,
        DataType.TypeFp64 => "FP64"u8,
        DataType.TypeBf16 => "BF16"u8,
        DataType.TypeString => "BYTES"u8,
        _ => [],
    };

    /// <summary>The type of a name on the wire; <see cref="DataType.TypeInvalid"/> for one that is not known.</summary>
    public static DataType Parse(ReadOnlySpan<byte> wireName)
    {
        // For each tensor of each token: the length leaves few to compare with, the usual ones first.
        ReadOnlySpan<DataType> candidates = wireName.Length switch
        {
            4 =>
            [
                DataType.TypeFp32, DataType.TypeFp16, DataType.TypeBf16, DataType.TypeFp64, DataType.TypeBool, DataType.TypeInt8,
            ],
            5 => [DataType.TypeString, DataType.TypeInt32, DataType.TypeInt64, DataType.TypeInt16, DataType.TypeUint8],
            6 => [DataType.TypeUint32, DataType.TypeUint64, DataType.TypeUint16],
            _ => [],
        };
        foreach (var type in candidates)
        {
            if (wireName.SequenceEqual(WireName(type)))
            {
                return type;
            }
        }

        return DataType.TypeInvalid;
    }

    /// <summary>Bytes of one element; 0 for BYTES and unknown types.</summary>
    public static int ElementSize(DataType type) => type switch
    {
        DataType.TypeBool or DataType.TypeUint8 or DataType.TypeInt8 => 1,
        DataType.TypeUint16 or DataType.TypeInt16 or DataType.TypeFp16 or DataType.TypeBf16 => 2,
        DataType.TypeUint32 or DataType.TypeInt32 or DataType.TypeFp32 => 4,
        DataType.TypeUint64 or DataType.TypeInt64 or DataType.TypeFp64 => 8,
        _ => 0,
    };
}
