using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Models;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

internal sealed partial class InferenceService
{
    /// <summary>The server's name as ServerMetadata tells it; a real one is "triton".</summary>
    public const string ServerName = "triton-simulator";

    private static readonly string[] Extensions =
    [
        "classification", "sequence", "model_repository", "model_repository(unload_dependents)", "schedule_policy",
        "model_configuration", "parameters", "statistics", "simulator",
    ];

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        return Task.FromResult(new ServerLiveResponse { Live = true });
    }

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        return Task.FromResult(new ServerReadyResponse { Ready = state.Ready });
    }

    public override Task<ServerMetadataResponse> ServerMetadata(
        ServerMetadataRequest request, ServerCallContext context)
    {
        CheckRestriction(context);
        return Task.FromResult(new ServerMetadataResponse
        {
            Name = ServerName,
            Version = TritonRelease.Parse(state.Options.TritonRelease).ServerVersion,
            Extensions = { Extensions },
        });
    }
}
