using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Repository;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

internal sealed partial class InferenceService
{
    private const string LoadFailure = "Internal: unable to create TensorRT engine: out of memory";

    public override Task<RepositoryIndexResponse> RepositoryIndex(
        RepositoryIndexRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var response = new RepositoryIndexResponse();
        response.Models.AddRange(state.Repository.Entries.Where(entry => entry.Loaded || !request.Ready).Select(IndexOf));
        return Task.FromResult(response);
    }

    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var entry = Controlled(request.ModelName, "load");

        // A model that is loaded anew answers until the new one takes its place.
        if (!entry.Loaded)
        {
            entry.State = EntryState.Loading;
        }

        await Task.Delay(TimeSpan.FromMilliseconds(state.Options.LoadDelayMs), state.Time);
        if (state.Options.BrokenModels.Contains(request.ModelName))
        {
            entry.State = entry.Loaded ? EntryState.Ready : EntryState.Failed;
            throw new RpcException(new Status(
                StatusCode.InvalidArgument,
                $"load failed for model '{request.ModelName}': version 1 is at UNAVAILABLE state: {LoadFailure};\n"));
        }

        entry.State = EntryState.Ready;
        return new RepositoryModelLoadResponse();
    }

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        Controlled(request.ModelName, "unload").State = EntryState.Unloaded;
        return Task.FromResult(new RepositoryModelUnloadResponse());
    }

    private static RepositoryIndexResponse.Types.ModelIndex IndexOf(RepositoryEntry entry)
    {
        var (status, reason) = entry.State switch
        {
            EntryState.Ready => ("READY", ""),
            EntryState.Loading => ("LOADING", ""),
            EntryState.Unloaded => ("UNAVAILABLE", "unloaded"),
            EntryState.Failed => ("UNAVAILABLE", LoadFailure),
            _ => ("", ""),
        };
        return new RepositoryIndexResponse.Types.ModelIndex
        {
            Name = entry.Model.Config.Name,
            Version = status.Length == 0 ? "" : "1",
            State = status,
            Reason = reason,
        };
    }

    private RepositoryEntry Controlled(string model, string verb)
    {
        if (!state.Options.ExplicitModelControl)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, "explicit model load / unload is not allowed if polling is enabled"));
        }

        return state.Repository.Find(model)
            ?? throw new RpcException(new Status(
                StatusCode.Internal, $"failed to {verb} '{model}', failed to poll from model repository"));
    }
}
