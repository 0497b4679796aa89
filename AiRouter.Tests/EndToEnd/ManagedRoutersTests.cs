using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Admin and two routers as processes of their own, on one store: what an operator does, clients see.</summary>
public sealed class ManagedRoutersTests(StoreServers servers) : IDisposable
{
    private const string Upstream = "sk-upstream-of-the-managed-routers";
    private const string Answer = """
        {"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hi"}}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}
        """;

    // A message takes milliseconds; without it routers would look after 8 s at the earliest. Between is room for a busy machine.
    private static readonly TimeSpan ByMessage = TimeSpan.FromSeconds(5);

    private static readonly string _encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-managed-");
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_is_made_used_limited_metered_and_revoked_and_no_rollback_revives_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var first = await RouterAsync("one");
        await using var second = await RouterAsync("two");
        await using var admin = await AdminAsync();
        HttpClient[] routers = [first.Http, second.Http];

        // The routers seeded the store; a document of the admin's takes its place on both.
        Assert.Equal("seed", (string?)(await admin.Http.ReadAsync("config/history"))["items"]![0]!["by"]);
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", Document(upstream.Url), "\"1\"");
        var key = await (await admin.Http.SendJsonAsync(
            HttpMethod.Post, "keys", """{"name":"team-a","limits":{"requestsPerMinute":3},"budget":{"usd":5},"logBodies":true}""")).JsonAsync();
        var (id, secret) = ((string)key["id"]!, (string)key["key"]!);
        await Eventually.HoldsAsync(() => BothAsync(routers, secret, HttpStatusCode.OK));

        // It works on both with the credential that only the routers can read, and its limit is one for both.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await ChatAsync(routers[i % 2], secret)).StatusCode);
        }

        Assert.All(upstream.Requests, static r => Assert.Equal($"Bearer {Upstream}", r.Headers["Authorization"]));
        Assert.All(await Task.WhenAll(routers.Select(r => ChatAsync(r, secret))), static a => Assert.Equal(429, (int)a.StatusCode));
        var limit = Assert.Single((await admin.Http.ReadAsync($"limits?key={id}"))["items"]!.AsArray())!;
        Assert.Equal((3, 3), ((int)limit["limits"]!["requestsPerMinute"]!, (int)limit["used"]!["requests"]!));
        Assert.Equal(3 * ((7 * 1m) + (5 * 2m)) / 1_000_000m, (decimal)limit["used"]!["spentUsd"]!);

        JsonNode usage = null!;
        await Eventually.HoldsAsync(async () =>
        {
            usage = await admin.Http.ReadAsync($"usage?groupBy=key,model&key={id}");
            return usage["items"]!.AsArray() is [{ } row] && (int?)row["requests"]!["ok"] == 3;
        });
        var used = usage["items"]![0]!;
        Assert.Equal(("team-a", "m"), ((string?)used["keyName"], (string?)used["model"]));
        Assert.Equal((21, 15), ((int)used["inputTokens"]!, (int)used["outputTokens"]!));
        Assert.True((double)used["duration"]!["p95Seconds"]! > 0);

        await ReadBodiesAsync(admin);
        var replicas = await admin.Http.ReadAsync("replicas");
        Assert.Equal(2, replicas["items"]!.AsArray().Count(static r => (string?)r!["role"] == "api" && (bool)r["isCurrent"]!));

        Assert.Equal(204, (int)(await admin.Http.DeleteAsync($"keys/{id}", Cancelled)).StatusCode);
        await Eventually.HoldsAsync(() => BothAsync(routers, secret, HttpStatusCode.Unauthorized));
        await TellsByMessageAsync(admin, routers);
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Post, "config/rollback", """{"version":1}""")).StatusCode);
        await Eventually.HoldsAsync(async () => (await admin.Http.ReadAsync("replicas"))["items"]!.AsArray()
            .Count(static r => (string?)r!["role"] == "api" && (bool)r["isCurrent"]!) == 2);
        Assert.True(await BothAsync(routers, secret, HttpStatusCode.Unauthorized));

        var everything = string.Concat(admin.Answers) + admin.Log + first.Process.Output + second.Process.Output +
            await StoreContent.ReadAsync(await servers.ConnectionStringAsync(StoreKind.Redis), _prefix);
        Assert.DoesNotContain(Upstream, everything, StringComparison.Ordinal);
        Assert.Equal(2, everything.Split(secret).Length);
    }

    [Fact]
    public async Task R35_environment_of_a_router_locks_its_fields_and_what_it_refuses_is_shown()
    {
        await using var router = await RouterAsync("one", ("AIROUTER__SERVER__MAXBODYMIB", "7"));
        await using var admin = await AdminAsync();
        await Eventually.HoldsAsync(async () => (await admin.Http.ReadAsync("config/locks"))["items"]!.AsArray().Count == 1);

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "server", """{"maxBodyMiB":9}""", "*").IsProblemAsync(403, "read-only");
        Assert.Equal(["server.maxBodyMiB"], problem.Paths());
        Assert.Contains("AIROUTER__SERVER__MAXBODYMIB", (string)problem["errors"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(201, (int)(await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/free", """{"url":"http://x/v1"}""")).StatusCode);

        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", """{"url":"http://x/v1","apiKey":"env:AIROUTER_SECRET_NOT_THERE"}""");
        await Eventually.HoldsAsync(async () => (await admin.Http.ReadAsync("replicas"))["items"]!.AsArray().Any(static r =>
            (string?)r!["role"] == "api" && r["problems"]!.ToJsonString().Contains("AIROUTER_SECRET_NOT_THERE", StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Document(Uri upstream) => $$"""
        {
          "backends": { "up": { "url": "{{upstream}}", "apiKey": "{{Upstream}}" } },
          "models": { "m": { "targets": [ { "backend": "up" } ], "price": { "input": 1, "output": 2 }, "maxTokens": { "default": 10, "max": 100 } } },
          "server": { "authentication": "required" },
          "metering": { "requestLog": { "enabled": true } }
        }
        """;

    // Bodies need a right of their own, and that they were read is noted.
    private static async Task ReadBodiesAsync(RunningAdmin admin)
    {
        JsonNode? logged = null;
        await Eventually.HoldsAsync(async () =>
        {
            logged = (await admin.Http.ReadAsync("requests"))["items"]!.AsArray().FirstOrDefault(static r => (bool)r!["hasBodies"]!);
            return logged is not null;
        });
        var auditor = await admin.WithRoleAsync("viewer", readBodies: true, name: "auditor");
        var bodies = await auditor.ReadAsync($"requests/{Uri.EscapeDataString((string)logged!["id"]!)}/bodies");
        Assert.Contains("hello", (string)bodies["request"]!, StringComparison.Ordinal);
        var audit = (await admin.Http.ReadAsync("audit"))["items"]!.AsArray();
        Assert.Contains(audit, static e => (string?)e!["action"] == "bodies.read" && (string?)e["by"] == "auditor");
    }

    private static async Task<bool> BothAsync(HttpClient[] routers, string secret, HttpStatusCode status)
    {
        foreach (var router in routers)
        {
            if ((await SendAsync(router, secret, HttpMethod.Get, "/v1/models")).StatusCode != status)
            {
                return false;
            }
        }

        return true;
    }

    private static Task<HttpResponseMessage> ChatAsync(HttpClient router, string secret) => SendAsync(
        router, secret, HttpMethod.Post, "/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"hello"}]}""");

    private static Task<HttpResponseMessage> SendAsync(HttpClient router, string secret, HttpMethod method, string path, string? json = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return router.SendAsync(request, Cancelled);
    }

    // A key is known, and revoked, soon enough that only messages can have told it (R45). Whoever had to look for himself just looked,
    // so that one round of several is enough: a machine may be busy with something else.
    private static async Task TellsByMessageAsync(RunningAdmin admin, HttpClient[] routers)
    {
        var times = new List<TimeSpan>();
        while (times.Count < 10 && times.All(static t => t > ByMessage))
        {
            var key = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", $$"""{"name":"round-{{times.Count}}"}""")).JsonAsync();
            var secret = (string)key["key"]!;
            var begin = Stopwatch.GetTimestamp();
            await Eventually.HoldsAsync(() => BothAsync(routers, secret, HttpStatusCode.OK));
            await admin.Http.DeleteAsync($"keys/{(string)key["id"]!}", Cancelled);
            await Eventually.HoldsAsync(() => BothAsync(routers, secret, HttpStatusCode.Unauthorized));
            times.Add(Stopwatch.GetElapsedTime(begin));
        }

        Assert.InRange(times.Min(), TimeSpan.Zero, ByMessage);
    }

    private async Task<RunningAdmin> AdminAsync() => await RunningAdmin.StartAsync(
        await servers.ConnectionStringAsync(StoreKind.Redis), _prefix, ("AIROUTER_ENCRYPTION_KEY", _encryptionKey));

    private async Task<Router> RouterAsync(string name, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = await servers.ConnectionStringAsync(StoreKind.Redis),
            ["AIROUTER_STORE_PREFIX"] = _prefix,
            ["AIROUTER_DATA"] = Path.Combine(_folder.FullName, name),
            ["AIROUTER_ENCRYPTION_KEY"] = _encryptionKey,
            ["AIROUTER_CONFIG_YAML"] = """
                backends: { up: { url: "http://127.0.0.1:9/v1" } }
                models: { seeded: { targets: [ { backend: up } ] } }
                server: { authentication: required }
                """,
        };
        foreach (var (variable, value) in variables)
        {
            environment[variable] = value;
        }

        var (process, http) = await ApiProcess.StartAsync(environment);
        return new Router(process, http);
    }

    private sealed record Router(ApiProcess Process, HttpClient Http) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Process.DisposeAsync();
        }
    }
}
