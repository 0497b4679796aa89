using System.Net;

namespace AiRouter.AppHost.Options;

/// <summary>What the user asked for on the command line.</summary>
internal sealed record LaunchOptions
{
    /// <summary>The configuration file to use itself; null means a copy of the sample.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The gRPC address of a Triton to use instead of the simulator.</summary>
    public Uri? Triton { get; init; }

    /// <summary>A model repository to serve with a Triton container instead of the simulator; needs Aspire.</summary>
    public string? ModelRepository { get; init; }

    /// <summary>The connection string of a Redis to use instead of the embedded store.</summary>
    public string? Redis { get; init; }

    /// <summary>Where state is kept; null means in <c>.airouter/data</c>.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The port that the router listens on.</summary>
    public int Port { get; init; } = 3000;

    /// <summary>The port that the simulator or the container listens on.</summary>
    public int TritonPort { get; init; } = DefaultTritonPort;

    /// <summary>The port that the embedded store listens on, on loopback.</summary>
    public int RedisPort { get; init; } = 3002;

    /// <summary>The port that Admin listens on, on loopback.</summary>
    public int AdminPort { get; init; } = 3001;

    /// <summary>The address that the router listens on.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Arguments that are not ours. Aspire has some of its own.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Triton's own gRPC port, which the sample configuration names.</summary>
    public const int DefaultTritonPort = 8001;
}
