using AiRouter.Benchmarks.Load;
using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>What a comparison is like.</summary>
internal sealed record BenchSettings
{
    /// <summary>The options of <c>bench</c>.</summary>
    public static string[] Known { get; } =
    [
        "--rounds", "--seconds", "--router", "--limits", "--half", "--portkey", "--json", "--compare", "--proxy-cores", "--load-cores",
        "--warm",
    ];

    /// <summary>How often each peer is measured.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long each time.</summary>
    public double Seconds { get; init; } = 3;

    /// <summary>How long at half load.</summary>
    public double HalfSeconds => Math.Max(2, Seconds * 2 / 3);

    /// <summary>How long a peer is warmed up at most.</summary>
    public double Warm { get; init; } = 25;

    /// <summary>The builds of the router.</summary>
    public IReadOnlyList<RouterBuild> Routers { get; init; } = [RouterBuild.OfThisCheckout];

    /// <summary>Whether latency at half load is measured.</summary>
    public bool MeasuresHalf { get; init; } = true;

    /// <summary>Whether Portkey's gateway is measured, if it can be installed.</summary>
    public bool WithPortkey { get; init; }

    /// <summary>Where limits are kept: <c>memory</c>, <c>redis</c>, or both in turn.</summary>
    public IReadOnlyList<string> Limits { get; init; } = ["memory"];

    /// <summary>Where the proxy runs.</summary>
    public CoreSet ProxyCores { get; init; } = new("0");

    /// <summary>Where load and upstream run.</summary>
    public CoreSet LoadCores { get; init; } = new("1");

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>What is compared with; null: the last committed result.</summary>
    public string? Compared { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="isWhole">Whether all workloads run: then Portkey and Redis are measured too.</param>
    public static BenchSettings Of(ModeOptions options, bool isWhole)
    {
        var defaults = new BenchSettings();
        var routers = options.Texts("--router").Select(RouterBuild.Parse).ToList();
        return defaults with
        {
            Rounds = (int)options.Number("--rounds", defaults.Rounds),
            Seconds = options.Number("--seconds", defaults.Seconds),
            Warm = options.Number("--warm", defaults.Warm),
            Routers = routers.Count > 0 ? routers : defaults.Routers,
            MeasuresHalf = options.Text("--half") is not "no",
            WithPortkey = (options.Text("--portkey") ?? (isWhole ? "yes" : "no")) == "yes",
            Limits = (options.Text("--limits") ?? (isWhole ? "both" : "memory")) is "both"
                ? ["memory", "redis"] : [options.Text("--limits") ?? "memory"],
            ProxyCores = new CoreSet(options.Text("--proxy-cores") ?? defaults.ProxyCores.Text),
            LoadCores = new CoreSet(options.Text("--load-cores") ?? defaults.LoadCores.Text),
            JsonFile = options.Text("--json"),
            Compared = options.Text("--compare"),
        };
    }
}
