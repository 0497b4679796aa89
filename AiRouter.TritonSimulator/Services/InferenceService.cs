using AiRouter.Triton.Contract;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

/// <summary>The KServe v2 service of Triton. This part has inference; the other parts tell about server and models.</summary>
internal sealed partial class InferenceService(SimulatorState state) : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var inference = new Inference(state, request, context, stream: false);
        if (inference.Check() is { } error)
        {
            throw new RpcException(new Status(error.Code, error.Message));
        }

        var sink = new UnarySink(request, inference.ModelName);
        await inference.RunAsync(sink);
        return sink.Result;
    }

    public override async Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream,
        IServerStreamWriter<ModelStreamInferResponse> responseStream,
        ServerCallContext context)
    {
        CheckRestriction(context);
        using var writer = new StreamWriter(responseStream);
        var statusErrors = context.RequestHeaders.GetValue("triton_grpc_error") == "true";
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new List<Task>();
        var inOrder = Task.CompletedTask;

        while (await ReadAsync(requestStream, failed.Task, context.CancellationToken))
        {
            var request = requestStream.Current;
            var inference = new Inference(state, request, context, stream: true);
            if (inference.Check() is { } error)
            {
                await writer.WriteAsync(new ModelStreamInferResponse
                {
                    ErrorMessage = error.Message,
                    InferResponse = new ModelInferResponse { Id = request.Id },
                });
                continue;
            }

            var sink = new StreamSink(request, inference.ModelName, writer, statusErrors);
            var previous = inference.IsDecoupled ? Task.CompletedTask : inOrder;
            var task = RunAsync(inference, sink, previous, failed);
            if (!inference.IsDecoupled)
            {
                inOrder = task;
            }

            running.RemoveAll(static done => done.IsCompletedSuccessfully);
            running.Add(task);
        }

        await Task.WhenAll(running);
        if (failed.Task.IsFaulted)
        {
            await failed.Task;
        }
    }

    /// <summary>The next request; false at the end of them. Throws when a request under way has broken the RPC.</summary>
    private static async Task<bool> ReadAsync(
        IAsyncStreamReader<ModelInferRequest> requests, Task failed, CancellationToken cancellationToken)
    {
        var next = requests.MoveNext(cancellationToken);
        if (await Task.WhenAny(next, failed) == failed)
        {
            await failed;
        }

        try
        {
            return await next;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task RunAsync(
        Inference inference, StreamSink sink, Task previous, TaskCompletionSource failed)
    {
        await previous;
        try
        {
            await inference.RunAsync(sink);
        }
        catch (RpcException exception)
        {
            failed.TrySetException(exception);
        }
    }

    private void CheckRestriction(ServerCallContext context)
    {
        if (state.Options.RestrictedHeader is { } header
            && context.RequestHeaders.GetValue(header) != state.Options.RestrictedValue)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, $"This protocol is restricted, expecting header '{header}'"));
        }
    }
}
