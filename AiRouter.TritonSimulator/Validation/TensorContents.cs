using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Validation;

/// <summary>Brings typed contents into the raw layout, as the gRPC front of the server does before anything else.</summary>
internal static class TensorContents
{
    /// <summary>The raw bytes of an input with typed contents, or why they do not fit its type.</summary>
    public static (ReadOnlyMemory<byte> Raw, RequestError? Error) Read(
        ModelInferRequest.Types.InferInputTensor input, string model)
    {
        var contents = input.Contents;
        var type = TensorTypes.FromProtocolName(input.Datatype);
        ReadOnlyMemory<byte> raw = default;
        var used = false;

        if (contents.BoolContents.Count > 0 && Take(DataType.TypeBool) is { } boolError)
        {
            return (default, boolError);
        }

        if (contents.BoolContents.Count > 0)
        {
            raw = contents.BoolContents.Select(value => value ? (byte)1 : (byte)0).ToArray();
        }

        var small = type is DataType.TypeInt8 or DataType.TypeInt16 ? type : DataType.TypeInt32;
        if (contents.IntContents.Count > 0)
        {
            if (Take(small) is { } error)
            {
                return (default, error);
            }

            raw = Narrow(contents.IntContents.Select(value => (uint)value), TensorTypes.ElementSize(small));
        }

        if (contents.Int64Contents.Count > 0)
        {
            if (Take(DataType.TypeInt64) is { } error)
            {
                return (default, error);
            }

            raw = MemoryMarshal.AsBytes<long>(contents.Int64Contents.ToArray()).ToArray();
        }

        var smallUnsigned = type is DataType.TypeUint8 or DataType.TypeUint16 ? type : DataType.TypeUint32;
        if (contents.UintContents.Count > 0)
        {
            if (Take(smallUnsigned) is { } error)
            {
                return (default, error);
            }

            raw = Narrow(contents.UintContents, TensorTypes.ElementSize(smallUnsigned));
        }

        if (contents.Uint64Contents.Count > 0)
        {
            if (Take(DataType.TypeUint64) is { } error)
            {
                return (default, error);
            }

            raw = MemoryMarshal.AsBytes<ulong>(contents.Uint64Contents.ToArray()).ToArray();
        }

        if (contents.Fp32Contents.Count > 0)
        {
            if (Take(DataType.TypeFp32) is { } error)
            {
                return (default, error);
            }

            raw = MemoryMarshal.AsBytes<float>(contents.Fp32Contents.ToArray()).ToArray();
        }

        if (contents.Fp64Contents.Count > 0)
        {
            if (Take(DataType.TypeFp64) is { } error)
            {
                return (default, error);
            }

            raw = MemoryMarshal.AsBytes<double>(contents.Fp64Contents.ToArray()).ToArray();
        }

        if (contents.BytesContents.Count > 0)
        {
            if (Take(DataType.TypeString) is { } error)
            {
                return (default, error);
            }

            raw = TensorWriter.Bytes([.. contents.BytesContents.Select(value => value.Memory)]).Memory;
        }

        return (raw, null);

        RequestError? Take(DataType contentType)
        {
            var subject = $"unexpected explicit tensor data for input tensor '{input.Name}' for model '{model}'";
            if (used)
            {
                return RequestError.Invalid($"{subject}, binary data was already supplied.");
            }

            used = true;
            return contentType == type
                ? null
                : RequestError.Invalid(
                    $"{subject} of type '{TensorTypes.ProtocolName(contentType)}', expected datatype "
                    + $"'{TensorTypes.ProtocolName(type)}'");
        }
    }

    private static byte[] Narrow(IEnumerable<uint> values, int size)
    {
        var result = new List<byte>();
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            result.AddRange(bytes[..size]);
        }

        return [.. result];
    }
}
