using System.Xml.Linq;

namespace AiRouter.Tests.Repository;

/// <summary>Dependencies point one way (docs/architecture.md).</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["AiRouter.Core"] = [],
        ["AiRouter.Prompting"] = ["AiRouter.Core"],
        ["AiRouter.Triton"] = ["AiRouter.Core"],
        ["AiRouter.ServiceDefaults"] = [],
        ["AiRouter.TritonSimulator"] = ["AiRouter.ServiceDefaults"],
        ["AiRouter.EmbeddedRedis"] = [],
        ["AiRouter.Api"] = ["AiRouter.Core", "AiRouter.Prompting", "AiRouter.ServiceDefaults", "AiRouter.Triton"],
        ["AiRouter.Admin"] = ["AiRouter.Core", "AiRouter.Prompting", "AiRouter.ServiceDefaults", "AiRouter.Triton"],
        ["AiRouter.Benchmarks"] =
            ["AiRouter.Api", "AiRouter.Core", "AiRouter.EmbeddedRedis", "AiRouter.Prompting", "AiRouter.Triton", "AiRouter.TritonSimulator"],
        ["AiRouter.AppHost"] = ["AiRouter.Admin", "AiRouter.Api", "AiRouter.EmbeddedRedis", "AiRouter.TritonSimulator"],
    };

    private static readonly string[] _withoutAspNet = ["AiRouter.Core", "AiRouter.Prompting", "AiRouter.Triton"];

    [Fact]
    public void Projects_refer_to_those_below_them_only()
    {
        foreach (var (project, allowed) in _allowed)
        {
            Assert.Subset(allowed.ToHashSet(), References(project));
        }
    }

    [Fact]
    public void Every_project_has_its_place()
    {
        var projects = Checkout.Files
            .Where(static file => file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(static file => Path.GetFileNameWithoutExtension(file))
            .Except(["AiRouter.Tests", "AiRouter.Clients"]);

        Assert.Equal(_allowed.Keys.Order(), projects.Order());
    }

    [Fact]
    public void Domain_prompting_and_Triton_know_no_AspNet()
    {
        foreach (var project in _withoutAspNet)
        {
            var text = Checkout.Read($"{project}/{project}.csproj");
            Assert.False(text.Contains("AspNetCore", StringComparison.Ordinal), project);
            Assert.False(text.Contains("Sdk.Web", StringComparison.Ordinal), project);
        }
    }

    /// <summary>The documents say <c>dotnet run --project AiRouter.Api -- render --messages messages.json</c>.</summary>
    [Fact]
    public void Dotnet_run_takes_files_from_the_folder_of_the_caller()
    {
        var properties = XDocument.Parse(Checkout.Read("AiRouter.Api/AiRouter.Api.csproj")).Descendants("PropertyGroup").Elements();

        Assert.Contains(properties, static p => p is { Name.LocalName: "EnableDefaultRunWorkingDirectory", Value: "false" });
    }

    [Fact]
    public void Aspire_has_one_version()
    {
        var packages = XDocument.Parse(Checkout.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Where(static package => package.Attribute("Include")!.Value.StartsWith("Aspire.", StringComparison.Ordinal))
            .Select(static package => package.Attribute("Version")!.Value);
        var imports = XDocument.Parse(Checkout.Read("AiRouter.AppHost/AiRouter.AppHost.csproj")).Descendants("Import")
            .Where(static import => import.Attribute("Sdk")!.Value.StartsWith("Aspire.", StringComparison.Ordinal))
            .Select(static import => import.Attribute("Version")!.Value);

        // Of some packages each version is a preview: Aspire.Hosting.Kubernetes 13.5.2-preview.1 goes with 13.5.2.
        Assert.Single(packages.Concat(imports).Select(static version => version.Split('-')[0]).Distinct());
    }

    private static HashSet<string> References(string project) =>
        [.. XDocument.Parse(Checkout.Read($"{project}/{project}.csproj")).Descendants("ProjectReference")
            .Select(static reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];
}
