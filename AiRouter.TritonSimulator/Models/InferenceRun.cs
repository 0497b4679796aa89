using AiRouter.TritonSimulator.Recording;
using AiRouter.TritonSimulator.Repository;
using AiRouter.TritonSimulator.Services;
using AiRouter.TritonSimulator.Tensors;

namespace AiRouter.TritonSimulator.Models;

/// <summary>One request on its way through a model.</summary>
internal sealed class InferenceRun
{
    /// <summary>Set when the request ends otherwise than by a complete answer.</summary>
    public string? Error { get; private set; }

    public required IReadOnlyList<InputTensor> Inputs { get; init; }

    public required ResponseSink Sink { get; init; }

    public required ModelCounters Counters { get; init; }

    public required RecordedRequest? Record { get; init; }

    public required RpcFaults Faults { get; init; }

    public required FaultLottery Lottery { get; init; }

    public required SimulatorOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The request's parameters that a vLLM model takes when it has no sampling_parameters.</summary>
    public required IReadOnlyDictionary<string, object> Parameters { get; init; }

    public InputTensor? Input(string name)
    {
        foreach (var input in Inputs)
        {
            if (input.Name == name)
            {
                return input;
            }
        }

        return null;
    }

    public string Text(string name)
    {
        return Input(name)?.Text() ?? "";
    }

    public double? Number(string name)
    {
        return Input(name)?.Number();
    }

    public bool Flag(string name)
    {
        return Number(name) is > 0;
    }

    public void TokenProduced()
    {
        Record?.TokenProduced();
        Counters.TokenProduced();
    }

    /// <summary>An error of the backend: the last thing that the client hears of this request.</summary>
    public async Task FailAsync(string message, Grpc.Core.StatusCode code = Grpc.Core.StatusCode.Internal)
    {
        Error = message;
        await Sink.FailAsync(code, message);
    }

    /// <summary>The request ends without an answer and without an error in the stream.</summary>
    public void Break(string how)
    {
        Error = how;
    }
}
