using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Aspire;

/// <summary>Turns a <see cref="ResourceProcess"/>, which the runner starts without Aspire, into a project resource.</summary>
internal static class ProcessResource
{
    /// <summary>Adds the process with exactly its name, port and environment. Telemetry goes to the dashboard, as Aspire sets
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> for every project.</summary>
    public static IResourceBuilder<ProjectResource> AddProcess<TProject>(
        this IDistributedApplicationBuilder builder, ResourceProcess process)
        where TProject : IProjectMetadata, new()
    {
        var project = builder
            .AddProject<TProject>(process.Name, static options =>
            {
                options.ExcludeLaunchProfile = true;
                options.ExcludeKestrelEndpoints = true;
            })
            .WithEndpoint(
                process.Endpoint.Port, process.Endpoint.Port, Scheme(process), process.EndpointName, isProxied: false)
            .WithEndpoint(process.EndpointName, endpoint => endpoint.TargetHost = process.Endpoint.DnsSafeHost);
        foreach (var (name, value) in process.Environment)
        {
            project.WithEnvironment(name, value);
        }

        return project;
    }

    // Triton's gRPC is HTTP too; the store speaks a protocol of its own.
    private static string Scheme(ResourceProcess process) =>
        process.EndpointName == Wiring.Endpoints.Tcp ? "tcp" : process.Endpoint.Scheme;
}
