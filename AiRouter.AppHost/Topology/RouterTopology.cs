using System.Globalization;
using System.Net;
using AiRouter.AppHost.Options;

namespace AiRouter.AppHost.Topology;

/// <summary>Which resources there are, with their names, ports and environment: one description for both forms of the AppHost, so that
/// they cannot drift apart.</summary>
internal sealed record RouterTopology
{
    /// <summary>What stands behind <c>triton</c> and <c>redis</c>.</summary>
    public required Backings Backings { get; init; }

    /// <summary>Where <c>triton</c> answers gRPC.</summary>
    public required Uri Triton { get; init; }

    /// <summary>The embedded store, if it is what answers.</summary>
    public ResourceProcess? Store { get; init; }

    /// <summary>The password of a store of ours, which its container gets too.</summary>
    public string StorePassword { get; init; } = string.Empty;

    /// <summary>The port of a store of ours, on loopback.</summary>
    public int StorePort { get; init; }

    /// <summary>How the store is reached, whoever's it is.</summary>
    public string RedisConnection { get; init; } = string.Empty;

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

    /// <summary>The topology that the options ask for, with what was chosen and the files that were found or made for it.</summary>
    public static RouterTopology Of(LaunchOptions options, Backings backings, RunFiles files)
    {
        var triton = options.Triton ?? HttpUri(IPAddress.Loopback, options.TritonPort);
        var redisPort = options.RedisPort
            ?? (backings.Redis == RedisBacking.Container ? Wiring.Ports.RedisOfRun : Wiring.Ports.EmbeddedStore);
        var redis = options.Redis ?? $"{IPAddress.Loopback}:{redisPort},password={files.StorePassword}";

        // The user's own file, and one that is made anew at every start, are what is meant. Others are a beginning.
        var isRuledByFile = options.ConfigFile is not null || (options.Triton is not null && options.SeedFile is null);
        var api = ApiAt(options, triton, redis, isRuledByFile, files);
        return new RouterTopology
        {
            Backings = backings,
            Triton = triton,
            Store = backings.Redis == RedisBacking.Embedded ? StoreAt(redisPort, files) : null,
            StorePassword = files.StorePassword,
            StorePort = redisPort,
            RedisConnection = redis,
            Simulator = backings.Triton == TritonBacking.Simulator ? SimulatorAt(triton) : null,
            Api = api,
            Admin = AdminAt(options, api, redis, files),
            ConfigFile = files.ConfigFile,
            IsRuledByFile = isRuledByFile,
            AdminKeyFile = files.AdminKeyFile,
        };
    }

    // Admin encrypts credentials, routers decrypt them.
    private static void AddEncryptionKey(Dictionary<string, string> environment, RunFiles files)
    {
        if (files.EncryptionKey is { } key)
        {
            environment[Wiring.Variables.EncryptionKey] = key;
        }
    }

    private static ResourceProcess StoreAt(int port, RunFiles files) => new(
        Wiring.Resources.Redis,
        "AiRouter.EmbeddedRedis",
        Wiring.Endpoints.Tcp,
        new UriBuilder("redis", IPAddress.Loopback.ToString(), port).Uri,
        new Dictionary<string, string>
        {
            [Wiring.Variables.Data] = files.DataFolder,
            [Wiring.Variables.EmbeddedStorePassword] = files.StorePassword,
            [Wiring.Variables.EmbeddedStorePort] = port.ToString(CultureInfo.InvariantCulture),
        });

    private static ResourceProcess SimulatorAt(Uri triton) => new(
        Wiring.Resources.Triton,
        "AiRouter.TritonSimulator",
        Wiring.Endpoints.Grpc,
        triton,
        new Dictionary<string, string> { [Wiring.Variables.Urls] = Origin(triton) });

    private static ResourceProcess ApiAt(LaunchOptions options, Uri triton, string redis, bool isRuledByFile, RunFiles files)
    {
        var endpoint = HttpUri(options.Listen, options.Port);
        var environment = new Dictionary<string, string>
        {
            [Wiring.Variables.Config] = files.ConfigFile,
            [Wiring.Variables.ConfigMode] = isRuledByFile ? Wiring.ConfigModes.GitOps : Wiring.ConfigModes.Seed,
            [Wiring.Variables.Data] = files.DataFolder,
            [Wiring.Variables.Urls] = Origin(endpoint),
            [Wiring.Variables.Redis] = redis,

            // What Aspire's WithReference says: a configuration can name the backend http://_grpc.triton.
            [Wiring.Variables.TritonGrpc] = Origin(triton),
        };
        if (options is { Triton: null, ConfigFile: null, SeedFile: null } && options.TritonPort != Wiring.Ports.TritonGrpc)
        {
            // The sample names Triton's own port. An override only where it is needed: a user may well remove that backend.
            environment[Wiring.Variables.TritonBackendUrl] = Origin(triton);
        }

        AddEncryptionKey(environment, files);
        return new ResourceProcess(Wiring.Resources.Api, "AiRouter.Api", Wiring.Endpoints.Http, endpoint, environment);
    }

    // On loopback whatever --listen says: who is an admin may do everything.
    private static ResourceProcess AdminAt(LaunchOptions options, ResourceProcess api, string redis, RunFiles files)
    {
        var endpoint = HttpUri(IPAddress.Loopback, options.AdminPort);
        var environment = new Dictionary<string, string>
        {
            [Wiring.Variables.AdminKey] = files.AdminKey,

            // Not read: the folder prompt-formats lies beside it, and models are checked with that.
            [Wiring.Variables.Config] = files.ConfigFile,
            [Wiring.Variables.Urls] = Origin(endpoint),
            [Wiring.Variables.Redis] = redis,

            // For the playground, as Aspire's WithReference would say it.
            [Wiring.Variables.ApiHttp] = Origin(api.Reachable),
        };
        AddEncryptionKey(environment, files);
        return new ResourceProcess(Wiring.Resources.Admin, "AiRouter.Admin", Wiring.Endpoints.Http, endpoint, environment);
    }

    private static Uri HttpUri(IPAddress address, int port) =>
        new UriBuilder(Uri.UriSchemeHttp, address.ToString(), port).Uri;

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
