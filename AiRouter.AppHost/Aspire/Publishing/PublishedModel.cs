// Aspire calls probes and names of images experimental.
#pragma warning disable ASPIREPROBES001, ASPIREPIPELINES003

using System.Globalization;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>Adds the resources that every target publishes, with the names, ports, paths and variables of <see cref="Wiring"/>.</summary>
internal static class PublishedModel
{
    /// <summary>For how many seconds requests under way may go on when a router is stopped (<c>server.drainSeconds</c>): long enough
    /// for most streams.</summary>
    public const int DrainSeconds = 120;

    /// <summary>The same for Triton.</summary>
    public const int TritonExitSeconds = 120;

    // Bodies in memory: with all else that the router needs, less than its memory limit.
    private const int MaxBufferedMiB = 512;

    /// <summary>The store must keep what it is told (R34): a file, written every second, and nothing evicted. When it is full it refuses
    /// writes, long before the container's memory ends.</summary>
    public static IReadOnlyList<string> RedisSettings { get; } =
    [
        "--appendonly", "yes", "--appendfsync", "everysec", "--save", string.Empty, "--maxmemory", "1gb", "--maxmemory-policy", "noeviction",
    ];

    /// <summary>Adds the router, Admin, and what stands behind them.</summary>
    public static PublishedRouter AddPublishedRouter(this IDistributedApplicationBuilder builder, PublishOptions options)
    {
        var secrets = builder.AddSecrets(options);
        var redis = options.HasRedis ? builder.AddPublishedRedis(secrets.RedisPassword!) : null;
        var triton = options.Triton == TritonBacking.Container ? builder.AddPublishedTriton(options) : null;
        var simulator = options.Triton == TritonBacking.Simulator ? builder.AddPublishedSimulator() : null;

        var api = builder.AddProject<Projects.AiRouter_Api>(Wiring.Resources.Api, Bare)
            .IsOurs(Wiring.Ports.Api, Wiring.Images.Api)
            .WithHttpEndpoint(Wiring.Ports.Api, Wiring.Ports.Api, Wiring.Endpoints.Http)
            .WithExternalHttpEndpoints()
            .WithEnvironment(Wiring.Variables.Config, ConfigurationFile.PathInContainers)
            .WithEnvironment(Wiring.Variables.ConfigMode, options.ConfigFile is null ? Wiring.ConfigModes.Seed : Wiring.ConfigModes.GitOps)
            .WithEnvironment(Wiring.Variables.PromptFormats, Wiring.Folders.Configuration)
            .WithEnvironment(Wiring.Variables.Data, Wiring.Folders.Data)
            .WithEnvironment(Wiring.Variables.SecretsFolder, Wiring.Folders.Secrets)
            .WithEnvironment(Wiring.Variables.Authentication, "required")
            .WithEnvironment(Wiring.Variables.DrainSeconds, Text(DrainSeconds))
            .WithEnvironment(Wiring.Variables.MaxBufferedMiB, Text(MaxBufferedMiB));
        var admin = builder.AddProject<Projects.AiRouter_Admin>(Wiring.Resources.Admin, Bare)
            .IsOurs(Wiring.Ports.Admin, Wiring.Images.Admin)
            .WithHttpEndpoint(Wiring.Ports.Admin, Wiring.Ports.Admin, Wiring.Endpoints.Http)
            .WithEnvironment(Wiring.Variables.PromptFormats, Wiring.Folders.Configuration)
            .WithEnvironment(Wiring.Variables.ApiHttp, api.GetEndpoint(Wiring.Endpoints.Http));
        foreach (var ours in (IResourceBuilder<ProjectResource>[])[api, admin])
        {
            // http://_grpc.triton in the configuration.
            if ((triton?.GetEndpoint(Wiring.Endpoints.Grpc) ?? simulator?.GetEndpoint(Wiring.Endpoints.Grpc)) is { } gRpc)
            {
                ours.WithEnvironment(Wiring.Variables.TritonGrpc, gRpc);
            }
            else
            {
                ours.WithEnvironment(Wiring.Variables.TritonGrpc, options.TritonAddress!.GetLeftPart(UriPartial.Authority));
            }
        }

        admin.WithHealthProbes();
        if (options.Target != PublishTarget.Aca)
        {
            // There the router has others.
            api.WithHealthProbes();
        }

        if (options.Host is { } host)
        {
            admin.WithEnvironment(Wiring.Variables.PublicUrl, $"https://{host}");
        }

        if (options.Otlp is { } collector)
        {
            api.WithEnvironment(Wiring.Variables.Otlp, collector.AbsoluteUri);
            admin.WithEnvironment(Wiring.Variables.Otlp, collector.AbsoluteUri);
        }

        if (redis is not null)
        {
            api.WaitFor(redis);
            admin.WaitFor(redis);
        }

        return new PublishedRouter(api, admin, redis, triton, simulator, secrets);
    }

    // What is published has no secrets in it, so their values are not asked for; who deploys gives them, and is asked.
    private static PublishedSecrets AddSecrets(this IDistributedApplicationBuilder builder, PublishOptions options)
    {
        return new PublishedSecrets(
            Add("admin-key"),
            Add("encryption-key"),
            options.HasRedis ? Add("redis-password") : null,
            options.HasRedis ? null : Add("redis-connection"));

        IResourceBuilder<ParameterResource> Add(string name) => builder.Configuration["Pipeline:Step"] is null or "publish"
            ? builder.AddParameter(name, static () => string.Empty, secret: true)
            : builder.AddParameter(name, secret: true);
    }

    // In quotes, because this goes through a shell, which would read a password as words.
    private static IResourceBuilder<RedisResource> AddPublishedRedis(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ParameterResource> password) => builder
            .AddRedis(Wiring.Resources.Redis, Wiring.Ports.Redis, password)
            .WithArgs(static context => context.Args[^1] =
                $"exec redis-server --requirepass \"$REDIS_PASSWORD\" {string.Join(' ', RedisSettings.Select(static word => word.Length == 0 ? "''" : word))}");

    private static IResourceBuilder<ContainerResource> AddPublishedTriton(
        this IDistributedApplicationBuilder builder, PublishOptions options)
    {
        // A large model takes long to load: an hour, or the 40 minutes that Container Apps allow at most.
        var startup = options.Target == PublishTarget.Aca ? (Period: 240, Failures: 10) : (Period: 10, Failures: 360);
        return builder
            .AddContainer(Wiring.Resources.Triton, Wiring.Images.Triton, options.TritonTag)
            .WithImageRegistry(Wiring.Images.TritonRegistry)
            .WithArgs(
                Wiring.Images.TritonCommand,
                $"--model-repository={Wiring.Folders.Models}",

                // Admin can load and unload models; all that are there are loaded at the start.
                "--model-control-mode=explicit",
                "--load-model=*",

                // A model that does not load takes no other with it: the router asks for each model whether it is ready.
                "--exit-on-error=false",
                "--strict-readiness=false",
                $"--exit-timeout-secs={Text(TritonExitSeconds)}")

            // Its backends keep caches in the home folder.
            .WithEnvironment("HOME", "/tmp")
            .WithTritonEndpoints()
            .WithHttpProbe(
                ProbeType.Startup, $"{Wiring.Paths.TritonReady}?startup", periodSeconds: startup.Period, timeoutSeconds: 5, failureThreshold: startup.Failures,
                endpointName: Wiring.Endpoints.Http)
            .WithTritonProbes();
    }

    private static IResourceBuilder<ProjectResource> AddPublishedSimulator(this IDistributedApplicationBuilder builder) => builder
        .AddProject<Projects.AiRouter_TritonSimulator>(Wiring.Resources.Triton, Bare)
        .IsOurs(Wiring.Ports.TritonGrpc, Wiring.Images.Simulator)
        .WithEnvironment(Wiring.Variables.SimulatorHttp, Text(Wiring.Ports.TritonHttp))
        .WithEnvironment(Wiring.Variables.SimulatorMetrics, Text(Wiring.Ports.TritonMetrics))
        .WithTritonEndpoints()
        .WithTritonProbes();

    // HTTP first: in Container Apps the first has the ingress for HTTP, and the others are plain ports.
    private static IResourceBuilder<T> WithTritonEndpoints<T>(this IResourceBuilder<T> triton)
        where T : IResourceWithEndpoints => triton
            .WithHttpEndpoint(Wiring.Ports.TritonHttp, Wiring.Ports.TritonHttp, Wiring.Endpoints.Http)
            .WithHttpEndpoint(Wiring.Ports.TritonGrpc, Wiring.Ports.TritonGrpc, Wiring.Endpoints.Grpc)
            .WithHttpEndpoint(Wiring.Ports.TritonMetrics, Wiring.Ports.TritonMetrics, Wiring.Endpoints.Metrics);

    private static IResourceBuilder<T> WithTritonProbes<T>(this IResourceBuilder<T> triton)
        where T : IResourceWithEndpoints, IResourceWithProbes => triton
            .WithHttpProbe(
                ProbeType.Liveness, Wiring.Paths.TritonLive, periodSeconds: 15, timeoutSeconds: 10, failureThreshold: 4,
                endpointName: Wiring.Endpoints.Http)
            .WithHttpProbe(
                ProbeType.Readiness, Wiring.Paths.TritonReady, periodSeconds: 5, timeoutSeconds: 5, endpointName: Wiring.Endpoints.Http);

    private static void WithHealthProbes(this IResourceBuilder<ProjectResource> project) => project
        .WithHttpProbe(
            ProbeType.Liveness, Wiring.Paths.Live, periodSeconds: 10, timeoutSeconds: 5, endpointName: Wiring.Endpoints.Http)
        .WithHttpProbe(
            ProbeType.Readiness, Wiring.Paths.Ready, periodSeconds: 5, timeoutSeconds: 5, endpointName: Wiring.Endpoints.Http);

    private static IResourceBuilder<ProjectResource> IsOurs(this IResourceBuilder<ProjectResource> project, int port, string image) =>
        project
            .WithEnvironment(Wiring.Variables.Urls, $"http://+:{Text(port)}")

            // The line before says where to listen.
            .WithEnvironment(static context => context.EnvironmentVariables.Remove("HTTP_PORTS"))

            // Whoever reaches the router could otherwise say where he comes from; server.trustedProxies says whom to believe.
            .DisableForwardedHeaders()
            .WithRemoteImageName(image)
            .WithRemoteImageTag(PublishedVersion.Text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Bare(ProjectResourceOptions options)
    {
        options.ExcludeLaunchProfile = true;
        options.ExcludeKestrelEndpoints = true;
    }
}
