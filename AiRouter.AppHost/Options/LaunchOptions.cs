using System.Net;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Options;

/// <summary>What the user asked for on the command line.</summary>
internal sealed record LaunchOptions
{
    /// <summary>The configuration file that rules; null: the store has the configuration.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The configuration file that a new store begins with; null means a copy of the sample.</summary>
    public string? SeedFile { get; init; }

    /// <summary>What shall answer as <c>triton</c>; null: <see cref="Backings.Choose"/> decides.</summary>
    public TritonBacking? TritonBacking { get; init; }

    /// <summary>The gRPC address of a Triton that runs already: <see cref="TritonBacking.External"/>.</summary>
    public Uri? Triton { get; init; }

    /// <summary>A model repository for Triton's container; needs Aspire.</summary>
    public string? Models { get; init; }

    /// <summary>Another tag of NVIDIA's image; needs Aspire.</summary>
    public string? TritonTag { get; init; }

    /// <summary>What shall answer as <c>redis</c>; null: <see cref="Backings.Choose"/> decides.</summary>
    public RedisBacking? RedisBacking { get; init; }

    /// <summary>The connection string of a Redis that runs already: <see cref="RedisBacking.External"/>.</summary>
    public string? Redis { get; init; }

    /// <summary>Where state is kept; null means in <c>.airouter</c>.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The port that the router listens on.</summary>
    public int Port { get; init; } = Wiring.Ports.Api;

    /// <summary>The port that the simulator or the container listens on.</summary>
    public int TritonPort { get; init; } = Wiring.Ports.TritonGrpc;

    /// <summary>The port that the embedded store or the container listens on, on loopback; null: the usual one of each.</summary>
    public int? RedisPort { get; init; }

    /// <summary>The port that Admin listens on, on loopback.</summary>
    public int AdminPort { get; init; } = Wiring.Ports.Admin;

    /// <summary>The address that the router listens on.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Arguments that are not ours. Aspire has some of its own.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}
