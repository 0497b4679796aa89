namespace AiRouter.Triton.Protocol;

/// <summary>
/// Decodes <c>ModelStreamInferResponse</c> in place (field numbers: Triton gRPC, <c>protos/inference.proto</c>).
/// </summary>
internal static class InferResponseDecoder
{
    /// <summary>Finds the parts of the message; false when it is malformed.</summary>
    public static bool TryDecode(InferResponse response, int length)
    {
        var reader = new ProtoReader(response.Buffer, 0, length);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var isKnown = type == WireType.Bytes && field is 1 or 2;
            if (!isKnown)
            {
                if (!reader.TrySkip(type))
                {
                    return false;
                }

                continue;
            }

            if (!reader.TryReadBytes(out var range))
            {
                return false;
            }

            if (field == 1)
            {
                response.ErrorRange = range;
            }
            else if (!TryDecodeInferResponse(response, range))
            {
                return false;
            }
        }

        return response.TryAssignRaws();
    }

    private static bool TryDecodeInferResponse(InferResponse response, ByteRange message)
    {
        var reader = new ProtoReader(response.Buffer, message.Start, message.End);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var isKnown = type == WireType.Bytes && field is 4 or 5 or 6;
            if (!isKnown)
            {
                if (!reader.TrySkip(type))
                {
                    return false;
                }

                continue;
            }

            if (!reader.TryReadBytes(out var range))
            {
                return false;
            }

            var decoded = field switch
            {
                4 => TryDecodeParameter(response, range),
                5 => TryDecodeOutput(response, range),
                _ => response.TryAddRaw(range),
            };
            if (!decoded)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// An entry of <c>parameters</c>: only <c>triton_final_response</c> (bool_param = 1) is of interest.
    /// </summary>
    private static bool TryDecodeParameter(InferResponse response, ByteRange entry)
    {
        var reader = new ProtoReader(response.Buffer, entry.Start, entry.End);
        var key = default(ByteRange);
        var value = default(ByteRange);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var read = (field, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out key),
                (2, WireType.Bytes) => reader.TryReadBytes(out value),
                _ => reader.TrySkip(type),
            };
            if (!read)
            {
                return false;
            }
        }

        if (!response.Slice(key).SequenceEqual("triton_final_response"u8))
        {
            return true;
        }

        response.HasFinalFlag = true;
        var parameter = new ProtoReader(response.Buffer, value.Start, value.End);
        while (!parameter.IsAtEnd)
        {
            if (!parameter.TryReadTag(out var field, out var type))
            {
                return false;
            }

            if (field == 1 && type == WireType.Varint)
            {
                if (!parameter.TryReadVarint(out var isFinal))
                {
                    return false;
                }

                response.IsFinal = isFinal != 0;
            }
            else if (!parameter.TrySkip(type))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryDecodeOutput(InferResponse response, ByteRange message)
    {
        var reader = new ProtoReader(response.Buffer, message.Start, message.End);
        var name = default(ByteRange);
        var typeName = default(ByteRange);
        var contents = default(ByteRange);
        var firstDim = response.BeginOutput();
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var read = (field, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out name),
                (2, WireType.Bytes) => reader.TryReadBytes(out typeName),
                (3, WireType.Bytes) => reader.TryReadBytes(out var packed) && TryReadDims(response, firstDim, packed),
                (3, WireType.Varint) => reader.TryReadVarint(out var dim) && response.TryAddDim(firstDim, (long)dim),
                (5, WireType.Bytes) => reader.TryReadBytes(out contents),
                _ => reader.TrySkip(type),
            };
            if (!read)
            {
                return false;
            }
        }

        var elementType = TensorTypes.Parse(response.Slice(typeName));
        if (!TryCountElements(response.DimsFrom(firstDim), out var elements))
        {
            return false;
        }

        var rank = response.DimsFrom(firstDim).Length;
        var data = default(ByteRange);
        return (contents.Length == 0 || TypedContents.TryMakeRaw(response, contents, elementType, out data))
            && response.TryAddOutput(new OutputTensor(name, elementType, firstDim, rank, elements, data));
    }

    private static bool TryReadDims(InferResponse response, int firstDim, ByteRange packed)
    {
        var reader = new ProtoReader(response.Buffer, packed.Start, packed.End);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadVarint(out var dim) || !response.TryAddDim(firstDim, (long)dim))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The product of the dimensions (1 for none), refused above what a message could hold.</summary>
    private static bool TryCountElements(ReadOnlySpan<long> dims, out int elements)
    {
        var product = 1L;
        foreach (var dim in dims)
        {
            if (dim > int.MaxValue || (product *= dim) > int.MaxValue)
            {
                elements = 0;
                return false;
            }
        }

        elements = (int)product;
        return true;
    }
}
