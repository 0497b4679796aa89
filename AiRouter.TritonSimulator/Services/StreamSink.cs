using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Validation;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

/// <summary>Responses of one request on a ModelStreamInfer RPC, which other requests may share.</summary>
internal sealed class StreamSink : ResponseSink
{
    private const string Final = "triton_final_response";

    private readonly ModelStreamInferResponse _message = new();
    private readonly InferParameter _final = new();
    private readonly StreamWriter _writer;
    private readonly bool _statusErrors;

    /// <param name="request">The request that is answered.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="writer">The RPC's writer.</param>
    /// <param name="statusErrors">The header triton_grpc_error: backend errors end the RPC with a status.</param>
    public StreamSink(ModelInferRequest request, string model, StreamWriter writer, bool statusErrors)
        : base(request)
    {
        _writer = writer;
        _statusErrors = statusErrors;
        _message.InferResponse = Response;
        Response.ModelName = model;
        Response.ModelVersion = "1";
        Response.Id = request.Id;
        Response.Parameters[Final] = _final;
    }

    public override ValueTask SendAsync(bool final)
    {
        _final.BoolParam = final;
        return _writer.WriteAsync(_message);
    }

    public override ValueTask FailAsync(StatusCode code, string message)
    {
        if (_statusErrors)
        {
            throw new RpcException(new Status(code, message));
        }

        Begin();
        Response.ModelVersion = "";
        _message.ErrorMessage = message;
        _final.BoolParam = true;
        return _writer.WriteAsync(_message);
    }

    public override ValueTask FinishAsync()
    {
        if (!Request.Parameters.TryGetValue(ParameterValidation.EmptyFinalResponse, out var asked) || !asked.BoolParam)
        {
            return ValueTask.CompletedTask;
        }

        Begin();
        Response.ModelVersion = "";
        _final.BoolParam = true;
        return _writer.WriteAsync(_message);
    }
}
