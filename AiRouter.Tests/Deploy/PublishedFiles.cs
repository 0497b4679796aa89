using System.Diagnostics;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy;

/// <summary>What <c>airouter.sh publish</c> writes. The files are kept in <c>Golden</c>, because only an AppHost with Aspire
/// can write them: this one, where the package feed has Aspire, or one that was built elsewhere, which
/// <c>AIROUTER_TEST_APPHOST</c> names.</summary>
internal static class PublishedFiles
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string[]> Arguments = new()
    {
        ["kubernetes"] =
        [
            "--Publish:Target=kubernetes", "--Publish:ServiceMonitor=true", "--Publish:Host=ai.example.com",
            "--Publish:TlsSecret=ai-example-com",
        ],
        ["kubernetes-simulator"] =
        [
            "--Publish:Target=kubernetes", "--triton=simulator", "--redis=redis-1:6379", "--Publish:ExistingSecret=own",
        ],
        ["compose"] = ["--Publish:Target=compose", "--triton=simulator"],
        ["compose-triton"] = ["--Publish:Target=compose"],
    };

    /// <summary>What was published, each with options of its own.</summary>
    public static TheoryData<string> All { get; } = [.. Arguments.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The charts among them.</summary>
    public static TheoryData<string> Charts { get; } = Named("kubernetes");

    /// <summary>The Compose files among them.</summary>
    public static TheoryData<string> Compositions { get; } = Named("compose");

    /// <summary>Where one is kept.</summary>
    public static string Folder(string name) =>
        Path.Combine(Checkout.Root, "AiRouter.Tests", "Deploy", "Golden", name);

    /// <summary>The AppHost that can publish; null: none.</summary>
    public static string? AppHost { get; } =
        Environment.GetEnvironmentVariable("AIROUTER_TEST_APPHOST") is { Length: > 0 } elsewhere ? elsewhere
        : typeof(Wiring).Assembly.GetType("AiRouter.AppHost.Aspire.Composition") is { Assembly.Location: var own } ? own
        : null;

    /// <summary>The files of a folder by their relative paths, without those that it does not ship.</summary>
    public static SortedDictionary<string, string> Read(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText),
        StringComparer.Ordinal);

    /// <summary>Publishes anew, into a folder.</summary>
    public static async Task PublishAsync(string name, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { AppHost!, "--operation", "publish", "--step", "publish", "--output-path", folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments[name])
        {
            start.ArgumentList.Add(argument);
        }

        // Aspire keeps what was deployed in the home folder.
        start.Environment["HOME"] = Path.GetDirectoryName(folder)!;
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, await error + await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static TheoryData<string> Named(string beginning) =>
        [.. Arguments.Keys.Where(name => name.StartsWith(beginning, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
