using System.Diagnostics;
using System.Runtime.InteropServices;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>Runs <c>dotnet publish</c>.</summary>
internal static class Publishing
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <summary>The folder of .NET that runs the tests.</summary>
    public static string DotnetFolder { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    // …/bin/Release/net10.0/
    private static string Configuration => new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent!.Name;

    /// <summary>What was built with these tests, for a machine that has .NET.</summary>
    public static Task BuiltAsync(string project, params ReadOnlySpan<string> arguments) =>
        RunAsync([project, "-c", Configuration, "--no-build", .. arguments]);

    /// <summary>With .NET in it. Built in a folder of its own, because a build for one platform changes what lies in <c>obj</c>.</summary>
    public static Task SelfContainedAsync(string project, string output)
    {
        var platform = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return RunAsync(
            [project, "-c", "Release", "-r", platform, "--self-contained", "-o", output,
             "--artifacts-path", Path.Combine(Checkout.Root, "artifacts", "self-contained"),
             "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false", "-p:UseSharedCompilation=false"]);
    }

    private static async Task RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(DotnetFolder, "dotnet"), ["publish", "--nologo", "-v", "q", .. arguments])
        {
            WorkingDirectory = Checkout.Root,
            Environment =
            {
                // Nothing outlives the test.
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            },
        };
        var (status, said) = await ProgramRun.OfAsync(start, Deadline);
        Assert.SkipWhen(
            status != 0 && (said.Contains("error NU1301", StringComparison.Ordinal)
                || (said.Contains("Microsoft.NETCore.App.Runtime", StringComparison.Ordinal) && said.Contains("error NU1", StringComparison.Ordinal))),
            "The package feed does not answer, or has no .NET runtime for this platform: there is no self-contained output.");
        Assert.True(status == 0, said);
    }
}
