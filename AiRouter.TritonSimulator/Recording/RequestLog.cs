using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;
using Grpc.Core;
using Choice = AiRouter.Triton.Contract.InferParameter.ParameterChoiceOneofCase;

namespace AiRouter.TritonSimulator.Recording;

/// <summary>Keeps the newest requests for tests to look at.</summary>
internal sealed class RequestLog(SimulatorOptions options)
{
    private readonly Queue<RecordedRequest> _requests = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<RecordedRequest> Snapshot()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>Completes when another request has come.</summary>
    public Task NextAsync()
    {
        lock (_lock)
        {
            return _changed.Task;
        }
    }

    public RecordedRequest? Add(
        ModelInferRequest request, IReadOnlyList<InputTensor> inputs, ServerCallContext context, bool stream)
    {
        if (!options.RecordRequests)
        {
            return null;
        }

        var record = new RecordedRequest
        {
            ModelName = request.ModelName,
            ModelVersion = request.ModelVersion,
            Id = request.Id,
            IsStream = stream,
            Parameters = Parameters(request),
            Inputs = [.. inputs.Select(input => new RecordedInput(
                input.Name, input.Datatype, input.Shape, input.Raw, input.Values()))],
            RequestedOutputs = [.. request.Outputs.Select(output => output.Name)],
            Metadata = Metadata(context.RequestHeaders),
            Message = request.ToByteArray(),
            ClientCertificateSubject = context.GetHttpContext().Connection.ClientCertificate?.Subject,
        };

        TaskCompletionSource changed;
        lock (_lock)
        {
            _requests.Enqueue(record);
            while (_requests.Count > options.MaxRecordedRequests)
            {
                _requests.Dequeue();
            }

            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
        return record;
    }

    /// <summary>The parameters as plain .NET values.</summary>
    public static Dictionary<string, object> Parameters(ModelInferRequest request)
    {
        var parameters = new Dictionary<string, object>();
        foreach (var (name, value) in request.Parameters)
        {
            parameters[name] = value.ParameterChoiceCase switch
            {
                Choice.BoolParam => value.BoolParam,
                Choice.Int64Param => value.Int64Param,
                Choice.Uint64Param => value.Uint64Param,
                Choice.DoubleParam => value.DoubleParam,
                _ => value.StringParam,
            };
        }

        return parameters;
    }

    private static Dictionary<string, string> Metadata(Metadata headers)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers)
        {
            if (!header.IsBinary)
            {
                metadata[header.Key] = header.Value;
            }
        }

        return metadata;
    }
}
