using AiRouter.Triton.Protocol;
using Grpc.Core;

namespace AiRouter.Triton.Grpc;

/// <summary>
/// <c>ModelStreamInfer</c> with our own marshallers. A request is one message, half-closed at once; on the wire that is
/// a server-streaming call, and declared as one it costs neither a request stream nor a second write.
/// </summary>
internal static class StreamInferMethod
{
    public static readonly Method<InferRequest, InferResponse> Instance = new(
        MethodType.ServerStreaming,
        "inference.GRPCInferenceService",
        "ModelStreamInfer",
        new Marshaller<InferRequest>(
            Serialize, static _ => throw new NotSupportedException("Requests are only written.")),
        new Marshaller<InferResponse>(
            static (_, _) => throw new NotSupportedException("Responses are only read."), Deserialize));

    private static void Serialize(InferRequest request, SerializationContext context)
    {
        context.SetPayloadLength(request.Length);
        request.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    private static InferResponse Deserialize(DeserializationContext context)
    {
        var response = ResponsePool.Rent();
        response.Read(context.PayloadAsReadOnlySequence());
        return response;
    }
}
