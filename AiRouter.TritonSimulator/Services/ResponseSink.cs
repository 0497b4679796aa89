using AiRouter.Triton.Contract;
using Google.Protobuf;
using Grpc.Core;
using OutputTensor = AiRouter.Triton.Contract.ModelInferResponse.Types.InferOutputTensor;

namespace AiRouter.TritonSimulator.Services;

/// <summary>
/// Where a model puts its responses. One message is used again and again for all responses of a request: between
/// <see cref="Begin"/> and <see cref="SendAsync"/> it belongs to the model.
/// </summary>
internal abstract class ResponseSink
{
    private readonly HashSet<string>? _requested;

    protected ResponseSink(ModelInferRequest request)
    {
        Request = request;
        if (request.Outputs.Count > 0)
        {
            _requested = [.. request.Outputs.Select(output => output.Name)];
        }
    }

    protected ModelInferRequest Request { get; }

    protected ModelInferResponse Response { get; } = new();

    public void Begin()
    {
        Response.Outputs.Clear();
        Response.RawOutputContents.Clear();
    }

    /// <summary>Adds an output, unless the client asked for others only.</summary>
    public void Add(OutputTensor tensor, ByteString content)
    {
        if (_requested is null || _requested.Contains(tensor.Name))
        {
            Response.Outputs.Add(tensor);
            Response.RawOutputContents.Add(content);
        }
    }

    public void Add(string name, string datatype, ReadOnlySpan<long> shape, ByteString content)
    {
        Add(Tensor(name, datatype, shape), content);
    }

    /// <summary>A description that may be kept and added many times.</summary>
    public static OutputTensor Tensor(string name, string datatype, params ReadOnlySpan<long> shape)
    {
        var tensor = new OutputTensor { Name = name, Datatype = datatype };
        foreach (var dim in shape)
        {
            tensor.Shape.Add(dim);
        }

        return tensor;
    }

    public abstract ValueTask SendAsync(bool final);

    /// <summary>An error of the backend; final.</summary>
    public abstract ValueTask FailAsync(StatusCode code, string message);

    /// <summary>The final flag alone, sent only to a client that asked for it.</summary>
    public abstract ValueTask FinishAsync();
}
