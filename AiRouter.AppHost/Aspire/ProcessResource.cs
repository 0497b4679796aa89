using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Aspire;

/// <summary>Turns a <see cref="ResourceProcess"/>, which the runner starts without Aspire, into a project resource.</summary>
internal static class ProcessResource
{
    // Aspire switches this on where the AppHost runs as Development. Content of prompts leaves a process only where the user says so.
    private const string ContentCapture = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    // The dashboard shows what happened a second ago; the defaults of OpenTelemetry are up to a minute.
    private static readonly string[] _telemetryIntervals =
        ["OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"];

    // Aspire's choice takes two lines for a record. Ours are one line, which no value can break.
    private const string ConsoleForm = "LOGGING__CONSOLE__FORMATTERNAME";

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

            // Without a proxy of Aspire's in between: the port is the one that the user knows, and --listen is obeyed.
            .WithEndpoint(
                process.Endpoint.Port, process.Endpoint.Port, Scheme(process), process.EndpointName, isProxied: false)
            .WithEndpoint(process.EndpointName, endpoint => endpoint.TargetHost = process.Endpoint.DnsSafeHost)
            .WithEnvironment(static context =>
            {
                foreach (var interval in _telemetryIntervals)
                {
                    context.EnvironmentVariables[interval] = "1000";
                }

                context.EnvironmentVariables.Remove(ConsoleForm);
                context.EnvironmentVariables[ContentCapture] = Environment.GetEnvironmentVariable(ContentCapture) ?? "false";
            });
        foreach (var (name, value) in process.Environment)
        {
            project.WithEnvironment(name, value);
        }

        return project;
    }

    /// <summary>Takes back a variable of the topology's that a reference sets: the reference would count on from it, and the process
    /// would know two addresses.</summary>
    public static IResourceBuilder<ProjectResource> WithoutVariable(
        this IResourceBuilder<ProjectResource> resource, string name) =>
        resource.WithEnvironment(context => context.EnvironmentVariables.Remove(name));

    /// <summary>Adds a named link to the dashboard. The endpoint's own, which is the address without a path, is only in the details
    /// then.</summary>
    public static IResourceBuilder<ProjectResource> WithUrl(
        this IResourceBuilder<ProjectResource> resource, ResourceProcess process, string path, string text) => resource
            .WithUrlForEndpoint(process.EndpointName, static url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithUrl(new Uri(process.Reachable, path).ToString(), text);

    // Triton's gRPC is HTTP too; the store speaks a protocol of its own.
    private static string Scheme(ResourceProcess process) =>
        process.EndpointName == Wiring.Endpoints.Tcp ? "tcp" : process.Endpoint.Scheme;
}
