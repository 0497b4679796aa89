using AiRouter.AppHost.Health;
using AiRouter.AppHost.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiRouter.AppHost.Aspire;

/// <summary>Adds the resource <c>triton</c>, and what depends on it. This is the one place where its backing is chosen.</summary>
internal static class TritonResourceExtensions
{
    private const string Registry = "nvcr.io";
    private const string Image = "nvidia/tritonserver";

    // With TensorRT-LLM; --triton-tag=26.07-vllm-python-py3 chooses vLLM.
    private const string DefaultTag = "26.07-trtllm-python-py3";

    /// <summary>Adds Triton as the topology says.</summary>
    public static TritonResource AddTriton(
        this IDistributedApplicationBuilder builder, RouterTopology topology, string? modelRepository) => topology.Backings.Triton switch
        {
            TritonBacking.Simulator => builder.AddSimulator(topology.Simulator!),
            TritonBacking.Container => builder.AddTritonContainer(topology.Triton, modelRepository!),
            _ => builder.AddExternalTriton(topology.Triton),
        };

    /// <summary>Tells a resource where Triton is, and to wait for it where Triton is ours to start. The router must cope with
    /// somebody else's Triton being away.</summary>
    public static IResourceBuilder<ProjectResource> WithTriton(
        this IResourceBuilder<ProjectResource> resource, TritonResource triton) =>
        triton.Grpc is null
            ? resource.WithReferenceRelationship(triton.Backing)
            : resource.WithReference(triton.Grpc).WaitFor(triton.Backing);

    private static TritonResource AddSimulator(this IDistributedApplicationBuilder builder, ResourceProcess process)
    {
        var simulator = builder.AddProcess<Projects.AiRouter_TritonSimulator>(process)
            .AsHttp2Service()
            .WithHealthCheck(builder.AddGrpcHealthCheck(process.Endpoint));
        return new TritonResource(simulator, simulator.GetEndpoint(Wiring.Endpoints.Grpc));
    }

    private static TritonResource AddExternalTriton(this IDistributedApplicationBuilder builder, Uri address)
    {
        var external = builder.AddExternalService(Wiring.Resources.Triton, address)
            .WithHealthCheck(builder.AddGrpcHealthCheck(address));
        return new TritonResource(external, null);
    }

    private static TritonResource AddTritonContainer(
        this IDistributedApplicationBuilder builder, Uri address, string modelRepository)
    {
        var container = builder
            .AddContainer(Wiring.Resources.Triton, Image, builder.Configuration["triton-tag"] ?? DefaultTag)
            .WithImageRegistry(Registry)
            .WithBindMount(modelRepository, "/models", isReadOnly: true)
            .WithContainerRuntimeArgs(["--shm-size=1g", .. GpuArguments(builder)])
            .WithArgs("tritonserver", "--model-repository=/models")
            .WithHttpEndpoint(targetPort: 8000, name: "http")
            .WithHttpEndpoint(address.Port, targetPort: 8001, name: Wiring.Endpoints.Grpc, isProxied: false)
            .WithHttpEndpoint(targetPort: 8002, name: "metrics")
            .WithHttpHealthCheck("/v2/health/ready", endpointName: "http");
        return new TritonResource(container, container.GetEndpoint(Wiring.Endpoints.Grpc));
    }

    // Docker and Podman name GPUs differently.
    private static string[] GpuArguments(IDistributedApplicationBuilder builder)
    {
        var runtime = builder.Configuration["ASPIRE_CONTAINER_RUNTIME"]
            ?? builder.Configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        return string.Equals(runtime, "podman", StringComparison.OrdinalIgnoreCase)
            ? ["--device", "nvidia.com/gpu=all"]
            : ["--gpus=all"];
    }

    private static string AddGrpcHealthCheck(this IDistributedApplicationBuilder builder, Uri address)
    {
        const string Key = "triton-grpc";
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        builder.Services.AddHealthChecks().AddAsyncCheck(
            Key,
            async cancellationToken => await HealthProbe.IsTritonReadyAsync(client, address, cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Triton at {address} is not ready."));
        return Key;
    }
}
