using System.Net;
using AiRouter.AppHost.Health;
using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiRouter.AppHost.Aspire;

/// <summary>The resource <c>triton</c>, whatever backs it. Who depends on it does not see the difference.</summary>
/// <param name="Backing">What Aspire shows and watches.</param>
/// <param name="Grpc">Its gRPC endpoint; null for a Triton that runs elsewhere, whose address the configuration has.</param>
internal sealed record TritonResource(IResourceBuilder<IResource> Backing, EndpointReference? Grpc);

/// <summary>Adds the resource <c>triton</c>, and what depends on it.</summary>
internal static class TritonResources
{
    // One for each run: a health check is asked every few seconds.
    private static readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Adds Triton as the topology says.</summary>
    public static TritonResource AddTriton(
        this IDistributedApplicationBuilder builder, RouterTopology topology, Machine machine, string tag) =>
        topology.Backings.Triton switch
        {
            TritonBacking.Simulator => builder.AddSimulator(topology.Simulator!),
            TritonBacking.Container => builder.AddTritonContainer(topology, machine, tag),
            _ => builder.AddExternalTriton(topology.Triton),
        };

    /// <summary>Tells a resource where Triton is, and to wait for it where Triton is ours to start. The router must cope with
    /// somebody else's Triton being away.</summary>
    public static IResourceBuilder<ProjectResource> WithTriton(
        this IResourceBuilder<ProjectResource> resource, TritonResource triton) =>
        triton.Grpc is null
            ? resource.WithReferenceRelationship(triton.Backing)
            : resource.WithoutVariable(Wiring.Variables.TritonGrpc).WithReference(triton.Grpc).WaitFor(triton.Backing);

    private static TritonResource AddSimulator(this IDistributedApplicationBuilder builder, ResourceProcess process)
    {
        var simulator = builder.AddProcess<Projects.AiRouter_TritonSimulator>(process)
            .AsHttp2Service()
            .WithUrlForEndpoint(Wiring.Endpoints.Grpc, static url => url.DisplayText = "gRPC (simulated)")
            .WithHealthCheck(builder.AddGrpcHealthCheck(process.Endpoint));
        return new TritonResource(simulator, simulator.GetEndpoint(Wiring.Endpoints.Grpc));
    }

    private static TritonResource AddExternalTriton(this IDistributedApplicationBuilder builder, Uri address)
    {
        var external = builder.AddExternalService(Wiring.Resources.Triton, new Uri(address.GetLeftPart(UriPartial.Authority)))
            .WithHealthCheck(builder.AddGrpcHealthCheck(address));
        return new TritonResource(external, null);
    }

    private static TritonResource AddTritonContainer(
        this IDistributedApplicationBuilder builder, RouterTopology topology, Machine machine, string tag)
    {
        var container = builder
            .AddContainer(Wiring.Resources.Triton, Wiring.Images.Triton, tag)
            .WithImageRegistry(Wiring.Images.TritonRegistry)
            .WithBindMount(topology.Backings.Models!, Wiring.Folders.Models, isReadOnly: true)
            .WithContainerRuntimeArgs(
                ["--shm-size=1g", .. topology.Backings.HasGpu ? GpuArguments(machine.ContainerRuntime!) : []])

            // All models at the start, and each may be unloaded and loaded again.
            .WithArgs(
                Wiring.Images.TritonCommand,
                $"--model-repository={Wiring.Folders.Models}",
                "--model-control-mode=explicit",
                "--load-model=*",

                // A model that does not load takes no other with it: the router asks for each model whether it is ready.
                "--exit-on-error=false",
                "--strict-readiness=false")

            // Tokens come over gRPC, without a proxy of Aspire's in between.
            .WithHttpEndpoint(topology.Triton.Port, Wiring.Ports.TritonGrpc, Wiring.Endpoints.Grpc, isProxied: false)
            .WithHttpEndpoint(targetPort: Wiring.Ports.TritonHttp, name: Wiring.Endpoints.Http)
            .WithHttpEndpoint(targetPort: Wiring.Ports.TritonMetrics, name: Wiring.Endpoints.Metrics)
            .WithEndpoint(Wiring.Endpoints.Grpc, static endpoint =>
            {
                endpoint.TargetHost = IPAddress.Loopback.ToString();
                endpoint.Transport = "http2";
            })
            .WithUrlForEndpoint(Wiring.Endpoints.Grpc, static url => url.DisplayText = "gRPC")
            .WithUrlForEndpoint(Wiring.Endpoints.Http, static url => url.DisplayText = "HTTP")
            .WithUrlForEndpoint(Wiring.Endpoints.Metrics, static url =>
            {
                url.DisplayText = "Metrics";
                url.Url = Wiring.Paths.Metrics;
            })
            .WithHttpHealthCheck(Wiring.Paths.TritonReady, endpointName: Wiring.Endpoints.Http);
        return new TritonResource(container, container.GetEndpoint(Wiring.Endpoints.Grpc));
    }

    // Docker and Podman name GPUs differently, and with SELinux Podman's device needs the label off.
    private static string[] GpuArguments(string runtime) => runtime.Equals("podman", StringComparison.OrdinalIgnoreCase)
        ? ["--device", "nvidia.com/gpu=all", "--security-opt=label=disable"]
        : ["--gpus=all"];

    private static string AddGrpcHealthCheck(this IDistributedApplicationBuilder builder, Uri address)
    {
        const string Key = "triton-grpc";
        builder.Services.AddHealthChecks().AddAsyncCheck(
            Key,
            async cancellationToken => await HealthProbe.IsTritonReadyAsync(_client, address, cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Triton at {address} is not ready."));
        return Key;
    }
}
