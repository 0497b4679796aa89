using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Models;
using AiRouter.TritonSimulator.Recording;
using AiRouter.TritonSimulator.Repository;
using AiRouter.TritonSimulator.Tensors;
using AiRouter.TritonSimulator.Validation;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

/// <summary>One inference request: found, checked, recorded, run.</summary>
internal sealed class Inference(SimulatorState state, ModelInferRequest request, ServerCallContext context, bool stream)
{
    private readonly List<InputTensor> _inputs = [];
    private RepositoryEntry? _entry;

    /// <summary>Whether the model's responses may come in any order; known after <see cref="Check"/>.</summary>
    public bool IsDecoupled => _entry?.Model.Config.ModelTransactionPolicy?.Decoupled == true;

    /// <summary>The model's name.</summary>
    public string ModelName => request.ModelName;

    /// <summary>Everything that the server checks before it hands the request to a backend.</summary>
    public RequestError? Check()
    {
        var error = state.Ready ? FindModel() : new RequestError(StatusCode.Unavailable, "Server not ready");
        error ??= RequestValidation.Check(request, _entry!.Model.Config, _inputs);
        if (error is not null)
        {
            _entry?.Counters.Refused();
            var record = state.Requests.Add(request, _inputs, context, stream);
            record?.End(RequestOutcome.Failed, error.Message, null);
        }

        return error;
    }

    public async Task RunAsync(ResponseSink sink)
    {
        var cancellationToken = context.CancellationToken;
        var record = state.Requests.Add(request, _inputs, context, stream);
        var run = new InferenceRun
        {
            Inputs = _inputs,
            Sink = sink,
            Counters = _entry!.Counters,
            Record = record,
            Faults = new RpcFaults(context.GetHttpContext()),
            Lottery = state.Lottery,
            Options = state.Options,
            Time = state.Time,
            Parameters = RequestLog.Parameters(request),
        };

        var outcome = RequestOutcome.Failed;
        run.Counters.Started();
        try
        {
            await _entry.Model.RunAsync(run, cancellationToken);
            outcome = run.Error is null ? RequestOutcome.Completed : RequestOutcome.Failed;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // A write to a cancelled RPC fails in more than one way.
            outcome = RequestOutcome.Cancelled;
        }
        finally
        {
            run.Counters.Ended(outcome);
            record?.End(outcome, run.Error, outcome == RequestOutcome.Cancelled ? state.Time.GetUtcNow() : null);
        }
    }

    private RequestError? FindModel()
    {
        (_entry, var error) = state.Repository.Find(request.ModelName, request.ModelVersion);
        return error is null && !stream && IsDecoupled
            ? new RequestError(
                StatusCode.Unimplemented, "ModelInfer RPC doesn't support models with decoupled transaction policy")
            : error;
    }
}
