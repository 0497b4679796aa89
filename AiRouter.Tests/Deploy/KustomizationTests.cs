using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Commands;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy;

/// <summary>That what is rendered can be applied: to Kubernetes' schemas, and in kubectl's own reading.</summary>
public sealed class KustomizationTests
{
    private static readonly Lazy<Task<bool>> IsKubectlNew = new(IsKubectlNewAsync);

    [Fact]
    public async Task Everything_fits_the_schemas_of_Kubernetes()
    {
        var objects = Deployments.All.SelectMany(static row => Deployments.Of(row.Data)).ToList();

        await KubernetesSchemas.AssertValidAsync(objects, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public async Task Kubectl_renders_the_same(string folder)
    {
        Assert.SkipUnless(await IsKubectlNew.Value, "There is no kubectl with kustomize 5.");

        var kubectl = ManifestYaml.Objects(await KubectlAsync("kustomize", Path.Combine(Checkout.Root, folder)), "kubectl");

        Assert.Equal(Lines(kubectl), Lines(Deployments.Of(folder)));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public async Task Configuration_has_no_problems(string folder)
    {
        using var files = new PodFiles(folder, Wiring.Resources.Api);
        await File.WriteAllTextAsync(
            Path.Combine(files.Inside(Wiring.Folders.Secrets), "openai"), "a credential", TestContext.Current.CancellationToken);
        using var output = new StringWriter();

        var code = await CommandTable.RunAsync(["check"], new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = files.Environment(),
            Input = TextReader.Null,
            Output = output,
            Error = output,
        });

        Assert.True(code == 0, output.ToString());
    }

    [Fact]
    public void Page_tells_of_every_overlay_and_key_of_a_Secret()
    {
        var page = Checkout.Read("docs/deploy/kubernetes.md");
        var overlays = Directory.GetDirectories(Path.Combine(Checkout.Root, "deploy/kubernetes/overlays"))
            .Select(static folder => $"`overlays/{Path.GetFileName(folder)}`");
        var keys = Deployments.Stored.SelectMany(static row => Deployments.Workloads(row.Data))
            .SelectMany(static o => new Workload(o).Secrets.Values)
            .Where(static secret => secret.Secret == "airouter")
            .Select(static secret => $"`{secret.Key}`");

        Assert.All(overlays.Concat(keys), name => Assert.Contains(name, page, StringComparison.Ordinal));
    }

    private static string[] Lines(IEnumerable<KubernetesObject> objects) =>
        [.. objects.Select(static o => Sorted(o.Json)!.ToJsonString()).Order(StringComparer.Ordinal)];

    // The order of members says nothing; that of lists does.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(static pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static async Task<bool> IsKubectlNewAsync()
    {
        try
        {
            var version = JsonDocument.Parse(await KubectlAsync("version", "--client", "--output=json")).RootElement;
            return version.TryGetProperty("kustomizeVersion", out var kustomize)
                && kustomize.GetString()!.StartsWith("v5", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<string> KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, await errors);
            return output;
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
