using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AiRouter.AppHost.Topology;
using AiRouter.Benchmarks.Processes;
using AiRouter.Core.Keys;
using AiRouter.ServiceDefaults;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>What <c>dotnet publish</c> gives has all that is needed: each program runs in a root with nothing else, as an ordinary user,
/// with everything read-only but its own folder.</summary>
public sealed partial class PublishedOutputTests(StoreServers servers)
{
    [Fact]
    public async Task Self_contained_router_answers_in_a_root_of_its_own()
    {
        using var root = await MinimalRoot.CreateAsync(hasRuntime: false);
        await Publishing.SelfContainedAsync("AiRouter.Api", root.App);
        await root.AddLibrariesAsync();
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var key = ClientKeySecret.Create();
        await File.WriteAllTextAsync(
            Path.Combine(root.Config, "airouter.yaml"),
            $$"""
            backends: { triton: { kind: triton, url: "http://_grpc.triton" } }
            models:
              llama: { operations: [chat], promptFormat: llama3, targets: [{ backend: triton, model: ensemble }] }
            keys: [{ name: team-a, hash: "{{ClientKeySecret.HashOf(key)}}" }]
            """,
            TestContext.Current.CancellationToken);
        var variables = Listening(LoopbackPort.Free());
        variables[Wiring.Variables.TritonGrpc] = triton.Address.ToString();

        var (process, http) = await ApiProcess.StartAsync(root.StartInfo(OurImage.Api, variables));
        await using var running = process;
        using var client = http;
        MinimalRoot.AssertConfined(process.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await ChatAsync(http, null));
        await Eventually.HoldsAsync(async () => await ChatAsync(http, key) == HttpStatusCode.OK);
        Assert.Equal((0, ""), await ProgramRun.OfAsync(
            root.StartInfo(OurImage.Api, variables, HealthQuestion.Command), TimeSpan.FromMinutes(1)));

        // Its own folder is where it writes, and nobody else reads.
        Assert.True(File.Exists(Path.Combine(root.Data, "keys-have-existed")), process.Output);
        await process.SignalAsync("TERM", TestContext.Current.CancellationToken);
        Assert.Equal(0, await process.EndedAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The script of the pages and Radzen's files come from packages: build output has them elsewhere.</summary>
    [Fact]
    public async Task Published_Admin_has_all_that_its_pages_ask_for()
    {
        var store = await servers.ConnectionStringAsync(StoreKind.Redis);
        using var root = await MinimalRoot.CreateAsync(hasRuntime: true);
        await Publishing.BuiltAsync("AiRouter.Admin", "-o", root.App);
        await root.AddLibrariesAsync();
        var variables = Listening(LoopbackPort.Free());
        variables[Wiring.Variables.Redis] = store;
        variables["AIROUTER_STORE_PREFIX"] = Guid.NewGuid().ToString("N");
        variables[Wiring.Variables.AdminKey] = "the-first-admin-of-the-tests";

        var (process, http) = await ApiProcess.StartAsync(root.StartInfo(OurImage.Admin, variables));
        await using var running = process;
        using var client = http;
        MinimalRoot.AssertConfined(process.Id);
        var page = await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative), TestContext.Current.CancellationToken);
        var files = Asset().Matches(page).Select(static m => m.Groups[1].Value).Append("_framework/blazor.web.js").ToHashSet();
        Assert.Contains(files, static file => file.StartsWith("_content/Radzen.Blazor/", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var answer = await http.GetAsync(new Uri(file, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{file}: {answer.StatusCode}");
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        // The formats that are shipped, which models are checked with.
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", variables[Wiring.Variables.AdminKey]);
        Assert.Contains(
            "llama3",
            await http.GetStringAsync(new Uri("/api/v1/prompt-formats", UriKind.Relative), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await process.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Published_simulator_is_well_where_a_Triton_listens()
    {
        using var root = await MinimalRoot.CreateAsync(hasRuntime: true);
        await Publishing.BuiltAsync("AiRouter.TritonSimulator", "-o", root.App);
        await root.AddLibrariesAsync();
        var metrics = LoopbackPort.Free();
        var variables = Listening(LoopbackPort.Free());
        variables["SIM__HttpPort"] = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        variables["SIM__MetricsPort"] = metrics.ToString(CultureInfo.InvariantCulture);

        var (process, http) = await ApiProcess.StartAsync(root.StartInfo(OurImage.Simulator, variables));
        await using var running = process;
        using var client = http;
        MinimalRoot.AssertConfined(process.Id);
        Assert.Equal((0, ""), await ProgramRun.OfAsync(
            root.StartInfo(OurImage.Simulator, variables, HealthQuestion.Command), TimeSpan.FromMinutes(1)));
        Assert.Contains(
            "nv_inference_count",
            await http.GetStringAsync(new Uri($"http://127.0.0.1:{metrics}{Wiring.Paths.Metrics}"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Listening(int port) => new()
    {
        [Wiring.Variables.Urls] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
    };

    private static async Task<HttpStatusCode> ChatAsync(HttpClient http, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = JsonContent.Create(new { model = "llama", messages = new[] { new { role = "user", content = "Hello" } } });
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"(?:src|href)=""((?!/|http)[^""]+\.\w+)""")]
    private static partial Regex Asset();
}
