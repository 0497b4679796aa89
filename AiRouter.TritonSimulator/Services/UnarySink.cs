using AiRouter.Triton.Contract;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

/// <summary>The one response of a ModelInfer call.</summary>
internal sealed class UnarySink : ResponseSink
{
    public UnarySink(ModelInferRequest request, string model)
        : base(request)
    {
        Response.ModelName = model;
        Response.ModelVersion = "1";
        Response.Id = request.Id;
    }

    /// <summary>What the model sent.</summary>
    public ModelInferResponse Result => Response;

    public override ValueTask SendAsync(bool final)
    {
        return ValueTask.CompletedTask;
    }

    public override ValueTask FailAsync(StatusCode code, string message)
    {
        throw new RpcException(new Status(code, message));
    }

    public override ValueTask FinishAsync()
    {
        return ValueTask.CompletedTask;
    }
}
