using System.Diagnostics;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>A linter that others wrote has nothing to say about the Dockerfiles.</summary>
public sealed class DockerfileLintTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly string _linter = Path.Combine(
        Checkout.Root, "AiRouter.Tests", "Clients", "node", "node_modules", "dockerfile-utils", "bin", "dockerfile-utils");

    public static TheoryData<string> Projects => OurImage.Projects;

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Dockerfile_has_no_fault(string project)
    {
        var (status, output) = await LintAsync(Path.Combine(Checkout.Root, project, "Dockerfile"));

        Assert.Equal((0, ""), (status, output));
    }

    [Fact]
    public async Task Linter_finds_a_fault()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllTextAsync(file, "FROM a\nEXPOSE all\n", TestContext.Current.CancellationToken);
            var (status, output) = await LintAsync(file);

            Assert.Equal(1, status);
            Assert.Contains("Invalid containerPort", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Status, string Output)> LintAsync(string file)
    {
        Assert.SkipUnless(
            File.Exists(_linter), "A linter of Dockerfiles: run 'npm ci' in AiRouter.Tests/Clients/node (airouter.sh test does).");
        var start = new ProcessStartInfo("node", [_linter, "lint", file]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, output.Trim());
    }
}
