using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Tensors;

/// <summary>Names and sizes of the element types: <c>TYPE_INT32</c> in a configuration is <c>INT32</c> on the wire.</summary>
internal static class TensorTypes
{
    public static string ProtocolName(DataType type)
    {
        return type switch
        {
            DataType.TypeBool => "BOOL",
            DataType.TypeUint8 => "UINT8",
            DataType.TypeUint16 => "UINT16",
            DataType.TypeUint32 => "UINT32",
            DataType.TypeUint64 => "UINT64",
            DataType.TypeInt8 => "INT8",
            DataType.TypeInt16 => "INT16",
            DataType.TypeInt32 => "INT32",
            DataType.TypeInt64 => "INT64",
            DataType.TypeFp16 => "FP16",
            DataType.TypeFp32 => "FP32",
            DataType.TypeFp64 => "FP64",
            DataType.TypeString => "BYTES",
            DataType.TypeBf16 => "BF16",
            _ => "<invalid>",
        };
    }

    public static DataType FromProtocolName(string name)
    {
        return name switch
        {
            "BOOL" => DataType.TypeBool,
            "UINT8" => DataType.TypeUint8,
            "UINT16" => DataType.TypeUint16,
            "UINT32" => DataType.TypeUint32,
            "UINT64" => DataType.TypeUint64,
            "INT8" => DataType.TypeInt8,
            "INT16" => DataType.TypeInt16,
            "INT32" => DataType.TypeInt32,
            "INT64" => DataType.TypeInt64,
            "FP16" => DataType.TypeFp16,
            "FP32" => DataType.TypeFp32,
            "FP64" => DataType.TypeFp64,
            "BYTES" => DataType.TypeString,
            "BF16" => DataType.TypeBf16,
            _ => DataType.TypeInvalid,
        };
    }

    /// <summary>Bytes per element; 0 for BYTES and unknown types.</summary>
    public static int ElementSize(DataType type)
    {
        return type switch
        {
            DataType.TypeBool or DataType.TypeUint8 or DataType.TypeInt8 => 1,
            DataType.TypeUint16 or DataType.TypeInt16 or DataType.TypeFp16 or DataType.TypeBf16 => 2,
            DataType.TypeUint32 or DataType.TypeInt32 or DataType.TypeFp32 => 4,
            DataType.TypeUint64 or DataType.TypeInt64 or DataType.TypeFp64 => 8,
            _ => 0,
        };
    }
}
