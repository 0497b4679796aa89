using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Deploy;

/// <summary>The processes of an overlay, started with what it says: arguments, variables and volumes. Only ports and addresses are the
/// test's.</summary>
public sealed class ManifestRunTests
{
    private const string Overlay = "deploy/kubernetes/overlays/simulator";
    private const string AdminKey = "an-admin-key-of-the-test-0123456789abcdef";
    private static readonly string EncryptionKey = Convert.ToBase64String(new byte[32]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_manifests_say_serves_a_chat_with_a_key_made_in_Admin()
    {
        await using var redis = await RedisServer.StartAsync([.. RedisArguments()]);
        await using var triton = await SimulatedTriton.StartAsync(new SimulatorOptions(), cancellationToken: Cancelled);
        var tritonAt = (Wiring.Variables.TritonGrpc, triton.Address.GetLeftPart(UriPartial.Authority));
        using var apiFiles = new PodFiles(Overlay, Wiring.Resources.Api);
        using var adminFiles = new PodFiles(Overlay, Wiring.Resources.Admin);

        var (api, clients) = await ApiProcess.StartAsync(apiFiles.Environment(
            (Wiring.Variables.Urls, "http://127.0.0.1:0"),
            (Wiring.Variables.Redis, redis.ConnectionString),
            (Wiring.Variables.EncryptionKey, EncryptionKey),
            tritonAt));
        await using var stopApi = api;
        using var stopClients = clients;
        var (admin, management) = await ApiProcess.StartProjectAsync("AiRouter.Admin", adminFiles.Environment(
            (Wiring.Variables.Urls, "http://127.0.0.1:0"),
            (Wiring.Variables.Redis, redis.ConnectionString),
            (Wiring.Variables.EncryptionKey, EncryptionKey),
            (Wiring.Variables.AdminKey, AdminKey),
            tritonAt,
            (Wiring.Variables.ApiHttp, clients.BaseAddress!.GetLeftPart(UriPartial.Authority))));
        await using var stopAdmin = admin;
        using var stopManagement = management;

        await Eventually.HoldsAsync(async () => (await clients.GetAsync(Wiring.Paths.Ready, Cancelled)).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await management.GetAsync(Wiring.Paths.Ready, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await clients.GetAsync("/v1/models", Cancelled)).StatusCode);

        management.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        Assert.Contains("ensemble", await management.GetStringAsync("/api/v1/repository?backend=triton", Cancelled));
        clients.DefaultRequestHeaders.Authorization = new("Bearer", await MakeKeyAsync(management));
        await Eventually.HoldsAsync(async () => (await clients.GetAsync("/v1/models", Cancelled)).IsSuccessStatusCode);
        using var answer = await clients.PostAsJsonAsync(
            "/v1/chat/completions",
            new { model = "llama-3.1-8b", messages = new[] { new { role = "user", content = "[[say:from the pods]]" } } },
            Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, text + api.Output);

        Assert.Equal("from the pods", (string?)JsonNode.Parse(text)!["choices"]![0]!["message"]!["content"]);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(apiFiles.Inside(Wiring.Folders.Data), "snapshot.json")));
        Assert.Equal("noeviction", await SettingAsync(redis, "maxmemory-policy"));
        Assert.Equal("yes", await SettingAsync(redis, "appendonly"));
    }

    // All but the folder and the password, which are the test's.
    private static IEnumerable<string> RedisArguments()
    {
        var arguments = Deployments.Workload(Overlay, Wiring.Resources.Redis).Container["args"]!.AsArray()
            .Select(static a => (string)a!).ToList();
        Assert.Equal("redis-server", arguments[0]);
        Assert.Equal(Wiring.Folders.Data, arguments[arguments.IndexOf("--dir") + 1]);
        Assert.Equal("$(REDIS_PASSWORD)", arguments[arguments.IndexOf("--requirepass") + 1]);
        return arguments.Skip(1).Chunk(2).Where(static pair => pair[0] is not ("--dir" or "--requirepass")).SelectMany(static pair => pair);
    }

    private static async Task<string> SettingAsync(RedisServer redis, string name) =>
        (await redis.ExecuteAsync("CONFIG", "GET", name)).ToDictionary()[name].ToString();

    private static async Task<string> MakeKeyAsync(HttpClient management)
    {
        using var answer = await management.PostAsJsonAsync("/api/v1/keys", new { name = "client" }, Cancelled);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!["key"]!;
    }
}
