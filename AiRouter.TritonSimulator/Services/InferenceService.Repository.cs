using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Repository;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

internal sealed partial class InferenceService
{
    public override Task<RepositoryIndexResponse> RepositoryIndex(
        RepositoryIndexRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        var response = new RepositoryIndexResponse();
        foreach (var entry in state.Repository.Entries)
        {
            if (entry.Loaded)
            {
                response.Models.Add(new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = entry.Model.Config.Name,
                    Version = "1",
                    State = "READY",
                });
            }
            else if (!request.Ready)
            {
                response.Models.Add(new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = entry.Model.Config.Name,
                    Version = "1",
                    State = "UNAVAILABLE",
                    Reason = "unloaded",
                });
            }
        }

        return Task.FromResult(response);
    }

    public override Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        Controlled(request.ModelName).Loaded = true;
        return Task.FromResult(new RepositoryModelLoadResponse());
    }

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        Controlled(request.ModelName).Loaded = false;
        return Task.FromResult(new RepositoryModelUnloadResponse());
    }

    private RepositoryEntry Controlled(string model)
    {
        if (!state.Options.ExplicitModelControl)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, "explicit model load / unload is not allowed if polling is enabled"));
        }

        return state.Repository.Find(model)
            ?? throw new RpcException(new Status(
                StatusCode.Internal, $"failed to load '{model}', failed to poll from model repository"));
    }
}
