using AiRouter.Triton.Contract.Health;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

/// <summary>grpc.health.v1: Triton serves Check, for any service name, and no Watch.</summary>
internal sealed class HealthService(SimulatorState state) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        return Task.FromResult(new HealthCheckResponse
        {
            Status = state.Ready
                ? HealthCheckResponse.Types.ServingStatus.Serving
                : HealthCheckResponse.Types.ServingStatus.NotServing,
        });
    }
}
