using System.Globalization;
using System.Xml.Linq;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>An image of ours, as <see cref="Wiring"/> says it must be.</summary>
/// <param name="Project">What runs in it.</param>
/// <param name="Name">The image's name.</param>
/// <param name="Environment">What it sets.</param>
/// <param name="Ports">What it listens on.</param>
internal sealed record OurImage(string Project, string Name, IReadOnlyDictionary<string, string> Environment, params int[] Ports)
{
    /// <summary>Where .NET's images listen by themselves; and its diagnostics, which need to write.</summary>
    private static readonly Dictionary<string, string> _everywhere = new()
    {
        ["ASPNETCORE_HTTP_PORTS"] = "",
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    /// <summary>The router.</summary>
    public static OurImage Api { get; } = new(
        "AiRouter.Api",
        Wiring.Images.Api,
        new Dictionary<string, string>(_everywhere)
        {
            [Wiring.Variables.Urls] = Everywhere(Wiring.Ports.Api),
            [Wiring.Variables.Config] = $"{Wiring.Folders.Configuration}/airouter.yaml",
            [Wiring.Variables.Data] = Wiring.Folders.Data,
            [Wiring.Variables.SecretsFolder] = Wiring.Folders.Secrets,
            [Wiring.Variables.Authentication] = "required",
        },
        Wiring.Ports.Api);

    /// <summary>Admin.</summary>
    public static OurImage Admin { get; } = new(
        "AiRouter.Admin",
        Wiring.Images.Admin,
        new Dictionary<string, string>(_everywhere) { [Wiring.Variables.Urls] = Everywhere(Wiring.Ports.Admin) },
        Wiring.Ports.Admin);

    /// <summary>The simulator, which listens where a Triton does.</summary>
    public static OurImage Simulator { get; } = new(
        "AiRouter.TritonSimulator",
        Wiring.Images.Simulator,
        new Dictionary<string, string>(_everywhere)
        {
            [Wiring.Variables.Urls] = Everywhere(Wiring.Ports.TritonGrpc),
            ["SIM__HttpPort"] = Text(Wiring.Ports.TritonHttp),
            ["SIM__MetricsPort"] = Text(Wiring.Ports.TritonMetrics),
        },
        Wiring.Ports.TritonHttp,
        Wiring.Ports.TritonGrpc,
        Wiring.Ports.TritonMetrics);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OurImage> All { get; } = [Api, Admin, Simulator];

    /// <summary>Names of all projects with an image.</summary>
    public static TheoryData<string> Projects => [.. All.Select(static image => image.Project)];

    /// <summary>The tag: the version of the build.</summary>
    public static string Tag { get; } =
        XDocument.Parse(Checkout.Read("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>Whether the Dockerfile compiles it ahead of time, with .NET in it.</summary>
    public bool IsNative => this == Api;

    /// <summary>The program, as its container starts it.</summary>
    public string Program => $"/app/{Project}";

    /// <summary>The image of a project.</summary>
    public static OurImage Of(string project) => All.Single(image => image.Project == project);

    /// <summary>A port on every address.</summary>
    public static string Everywhere(int port) => $"http://+:{Text(port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
