using System.Net;
using AiRouter.AppHost.Options;

namespace AiRouter.AppHost.Topology;

/// <summary>Which resources there are, with their names, ports and environment: one description for both forms of the AppHost, so that
/// they cannot drift apart.</summary>
internal sealed record RouterTopology
{
    /// <summary>The resource that generates: a simulator, a container or somebody's server.</summary>
    public const string TritonName = "triton";

    /// <summary>The router.</summary>
    public const string ApiName = "api";

    /// <summary>The endpoint of <see cref="TritonName"/>.</summary>
    public const string GrpcEndpointName = "grpc";

    /// <summary>The endpoint of <see cref="ApiName"/>.</summary>
    public const string HttpEndpointName = "http";

    /// <summary>Where the router tells that it wants requests.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>What answers as <see cref="TritonName"/>.</summary>
    public required TritonBacking Backing { get; init; }

    /// <summary>Where <see cref="TritonName"/> answers gRPC.</summary>
    public required Uri Triton { get; init; }

    /// <summary>The simulator, if it is what answers.</summary>
    public ResourceProcess? Simulator { get; init; }

    /// <summary>The router.</summary>
    public required ResourceProcess Api { get; init; }

    /// <summary>The configuration that the router reads.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>What runs as processes of ours, in the order of starting.</summary>
    public IEnumerable<ResourceProcess> Processes => Simulator is null ? [Api] : [Simulator, Api];

    /// <summary>The topology that the options ask for, with the configuration that was found or made for them, and the
    /// folder that the router may write to.</summary>
    public static RouterTopology Of(LaunchOptions options, string configFile, string dataFolder)
    {
        var backing = options switch
        {
            { Triton: not null } => TritonBacking.External,
            { ModelRepository: not null } => TritonBacking.Container,
            _ => TritonBacking.Simulator,
        };
        var triton = options.Triton ?? HttpUri(IPAddress.Loopback, options.TritonPort);
        return new RouterTopology
        {
            Backing = backing,
            Triton = triton,
            Simulator = backing == TritonBacking.Simulator ? SimulatorAt(triton) : null,
            Api = ApiAt(options, triton, configFile, dataFolder),
            ConfigFile = configFile,
        };
    }

    private static ResourceProcess SimulatorAt(Uri triton) => new(
        TritonName,
        "AiRouter.TritonSimulator",
        GrpcEndpointName,
        triton,
        new Dictionary<string, string> { ["ASPNETCORE_URLS"] = Origin(triton) });

    private static ResourceProcess ApiAt(
        LaunchOptions options, Uri triton, string configFile, string dataFolder)
    {
        var endpoint = HttpUri(options.Listen, options.Port);
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG"] = configFile,
            ["AIROUTER_DATA"] = dataFolder,
            ["ASPNETCORE_URLS"] = Origin(endpoint),

            // What Aspire's WithReference says: a configuration can name the backend http://_grpc.triton.
            [$"services__{TritonName}__{GrpcEndpointName}__0"] = Origin(triton),
        };
        if (options is { Triton: null, ConfigFile: null } && options.TritonPort != LaunchOptions.DefaultTritonPort)
        {
            // The sample names Triton's own port. An override only where it is needed: a user may well remove that backend.
            environment["AIROUTER__BACKENDS__TRITON__URL"] = Origin(triton);
        }

        return new ResourceProcess(ApiName, "AiRouter.Api", HttpEndpointName, endpoint, environment);
    }

    private static Uri HttpUri(IPAddress address, int port) =>
        new UriBuilder(Uri.UriSchemeHttp, address.ToString(), port).Uri;

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
