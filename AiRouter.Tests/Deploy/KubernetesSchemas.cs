using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy;

/// <summary>Checks objects against the schemas that Kubernetes (and the Prometheus operator, for <c>ServiceMonitor</c>) publish, strictly:
/// fields that a schema does not have are problems. The schemas come from npm (<c>Clients/node/package.json</c>).</summary>
internal static class KubernetesSchemas
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly string Modules = Path.Combine(Checkout.Root, "AiRouter.Tests", "Clients", "node", "node_modules");

    /// <summary>Skips the test by name where Node or the packages are missing.</summary>
    public static void SkipUnlessInstalled()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Modules, "kubernetes-models")),
            $"Kubernetes' schemas: run 'npm ci' in {Path.GetDirectoryName(Modules)} (airouter.sh test does).");
    }

    /// <summary>Fails with every problem of every object.</summary>
    public static async Task AssertValidAsync(
        IReadOnlyList<KubernetesObject> objects, CancellationToken cancellationToken)
    {
        Assert.NotEmpty(objects);
        var problems = await ProblemsAsync(objects, cancellationToken);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>What is wrong, one line a problem: the object, the field, the rule.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        IReadOnlyList<KubernetesObject> objects, CancellationToken cancellationToken)
    {
        SkipUnlessInstalled();
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(Checkout.Root, "AiRouter.Tests", "Deploy", "validate.mjs"), Modules },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node does not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var input = new JsonArray([.. objects.Select(static o => o.Json.DeepClone())]);
            await process.StandardInput.WriteAsync(input.ToJsonString().AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, await errors);
            var problems = JsonSerializer.Deserialize<string[][]>(await output)!;
            return [.. objects.Zip(problems, static (o, all) => all.Select(one => $"{o}: {one}")).SelectMany(static all => all)];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
