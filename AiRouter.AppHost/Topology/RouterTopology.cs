using System.Globalization;
using System.Net;
using AiRouter.AppHost.Options;

namespace AiRouter.AppHost.Topology;

/// <summary>Which resources there are, with their names, ports and environment: one description for both forms of the AppHost, so that
/// they cannot drift apart.</summary>
internal sealed record RouterTopology
{
    /// <summary>The store: the embedded one, where the user has none.</summary>
    public const string StoreName = "redis";

    /// <summary>The resource that generates: a simulator, a container or somebody's server.</summary>
    public const string TritonName = "triton";

    /// <summary>The router.</summary>
    public const string ApiName = "api";

    /// <summary>The management API.</summary>
    public const string AdminName = "admin";

    /// <summary>The endpoint of <see cref="StoreName"/>.</summary>
    public const string StoreEndpointName = "tcp";

    /// <summary>The endpoint of <see cref="TritonName"/>.</summary>
    public const string GrpcEndpointName = "grpc";

    /// <summary>The endpoint of <see cref="ApiName"/> and <see cref="AdminName"/>.</summary>
    public const string HttpEndpointName = "http";

    /// <summary>Where the router and Admin tell that they want requests.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>What answers as <see cref="TritonName"/>.</summary>
    public required TritonBacking Backing { get; init; }

    /// <summary>Where <see cref="TritonName"/> answers gRPC.</summary>
    public required Uri Triton { get; init; }

    /// <summary>The embedded store; null: the user's own.</summary>
    public ResourceProcess? Store { get; init; }

    /// <summary>The simulator, if it is what answers.</summary>
    public ResourceProcess? Simulator { get; init; }

    /// <summary>The router.</summary>
    public required ResourceProcess Api { get; init; }

    /// <summary>The management API.</summary>
    public required ResourceProcess Admin { get; init; }

    /// <summary>The configuration that the router reads.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Whether that file rules, so that the store's copy follows it; otherwise it is only what the store began with.</summary>
    public bool IsRuledByFile { get; init; }

    /// <summary>The file with the key of the first admin; null: the environment has it.</summary>
    public string? AdminKeyFile { get; init; }

    /// <summary>What runs as processes of ours, in the order of starting.</summary>
    public IEnumerable<ResourceProcess> Processes =>
        ((ResourceProcess?[])[Store, Simulator, Api, Admin]).OfType<ResourceProcess>();

    /// <summary>The topology that the options ask for, with the files that were found or made for it.</summary>
    public static RouterTopology Of(LaunchOptions options, RunFiles files)
    {
        var backing = options switch
        {
            { Triton: not null } => TritonBacking.External,
            { ModelRepository: not null } => TritonBacking.Container,
            _ => TritonBacking.Simulator,
        };
        var triton = options.Triton ?? HttpUri(IPAddress.Loopback, options.TritonPort);
        var redis = options.Redis ?? $"{IPAddress.Loopback}:{options.RedisPort},password={files.StorePassword}";

        // The user's own file, and one that is made anew at every start, are what is meant. The copy of the sample is a beginning.
        var isRuledByFile = options.ConfigFile is not null || options.Triton is not null;
        var api = ApiAt(options, triton, redis, isRuledByFile, files);
        return new RouterTopology
        {
            Backing = backing,
            Triton = triton,
            Store = options.Redis is null ? StoreAt(options, files) : null,
            Simulator = backing == TritonBacking.Simulator ? SimulatorAt(triton) : null,
            Api = api,
            Admin = AdminAt(options, api, redis, files),
            ConfigFile = files.ConfigFile,
            IsRuledByFile = isRuledByFile,
            AdminKeyFile = files.AdminKeyFile,
        };
    }

    private static ResourceProcess StoreAt(LaunchOptions options, RunFiles files) => new(
        StoreName,
        "AiRouter.EmbeddedRedis",
        StoreEndpointName,
        new UriBuilder("redis", IPAddress.Loopback.ToString(), options.RedisPort).Uri,
        new Dictionary<string, string>
        {
            ["AIROUTER_DATA"] = files.DataFolder,
            ["AIROUTER_REDIS_PASSWORD"] = files.StorePassword,
            ["AIROUTER_REDIS_PORT"] = options.RedisPort.ToString(CultureInfo.InvariantCulture),
        });

    private static ResourceProcess SimulatorAt(Uri triton) => new(
        TritonName,
        "AiRouter.TritonSimulator",
        GrpcEndpointName,
        triton,
        new Dictionary<string, string> { ["ASPNETCORE_URLS"] = Origin(triton) });

    private static ResourceProcess ApiAt(LaunchOptions options, Uri triton, string redis, bool isRuledByFile, RunFiles files)
    {
        var endpoint = HttpUri(options.Listen, options.Port);
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG"] = files.ConfigFile,
            ["AIROUTER_CONFIG_MODE"] = isRuledByFile ? "gitops" : "seed",
            ["AIROUTER_DATA"] = files.DataFolder,
            ["ASPNETCORE_URLS"] = Origin(endpoint),
            ["ConnectionStrings__redis"] = redis,

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

    // On loopback whatever --listen says: who is an admin may do everything.
    private static ResourceProcess AdminAt(LaunchOptions options, ResourceProcess api, string redis, RunFiles files)
    {
        var endpoint = HttpUri(IPAddress.Loopback, options.AdminPort);
        return new ResourceProcess(
            AdminName,
            "AiRouter.Admin",
            HttpEndpointName,
            endpoint,
            new Dictionary<string, string>
            {
                ["AIROUTER_ADMIN_KEY"] = files.AdminKey,

                // Not read: the folder prompt-formats lies beside it, and models are checked with that.
                ["AIROUTER_CONFIG"] = files.ConfigFile,
                ["ASPNETCORE_URLS"] = Origin(endpoint),
                ["ConnectionStrings__redis"] = redis,

                // For the playground, as Aspire's WithReference would say it.
                [$"services__{ApiName}__{HttpEndpointName}__0"] = Origin(api.Reachable),
            });
    }

    private static Uri HttpUri(IPAddress address, int port) =>
        new UriBuilder(Uri.UriSchemeHttp, address.ToString(), port).Uri;

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
