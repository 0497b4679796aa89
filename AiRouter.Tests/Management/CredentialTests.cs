using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

/// <summary>Credentials of backends: given once, encrypted at rest, never shown (R6).</summary>
public sealed class CredentialTests(StoreServers servers)
{
    private const string Secret = "sk-upstream-7f3a9c-literal";
    private const string HeaderSecret = "header-literal-55aa";

    private static readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string Backend(string url = "https://api.example/v1", string apiKey = Secret) =>
        $$"""{"url":"{{url}}","apiKey":"{{apiKey}}","headers":{"X-Api-Key":"{{HeaderSecret}}","X-Team":"blue"} }""";

    [Fact]
    public async Task Nothing_returns_logs_or_stores_a_credential()
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        await using var admin = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", _key));
        await admin.PutConfigurationAsync();

        Assert.Equal(201, (int)(await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend())).StatusCode);
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend(apiKey: Secret + "2"), "*");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", """{"url":"SECRET","apiKey":["SECRET"]}""".Replace("SECRET", Secret, StringComparison.Ordinal), "*");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", $$"""{"backends":{"b":{{Backend()}} } }""");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "config/rollback", """{"version":2}""");
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"a"}""")).JsonAsync();
        foreach (var path in (string[])
            [
                "config", "export", "backends", "backends/b", "config/history", "config/history/2", "config/history/3", "audit", "keys",
                $"keys/{made["id"]}", "replicas", "limits", "admin-keys", "config/locks",
            ])
        {
            Assert.Equal(200, (int)(await admin.Http.GetAsync(path, Cancelled)).StatusCode);
        }

        var clientSecret = (string)made["key"]!;
        Assert.Single(admin.Answers, a => a.Contains(clientSecret, StringComparison.Ordinal));
        foreach (var (text, what) in (IEnumerable<(string, string)>)
            [.. admin.Answers.Select(static a => (a, "an answer")), (admin.Log, "the log"), (await StoreContent.ReadAsync(connection, prefix), "the store")])
        {
            Assert.False(text.Contains(Secret, StringComparison.Ordinal), $"{what} has the credential: {text}");
            Assert.False(text.Contains(HeaderSecret, StringComparison.Ordinal), $"{what} has the header: {text}");
            Assert.False(text.Contains(RunningAdmin.Key, StringComparison.Ordinal), $"{what} has the admin key: {text}");
        }

        Assert.DoesNotContain(clientSecret, admin.Log + await StoreContent.ReadAsync(connection, prefix), StringComparison.Ordinal);
        Assert.All(admin.Answers, static a => Assert.DoesNotContain("enc:v1", a, StringComparison.Ordinal));
        Assert.Contains("enc:v1:", await StoreContent.ReadAsync(connection, prefix), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_encryption_key_a_credential_is_refused_with_what_to_do()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend()).IsProblemAsync(400, "invalid");

        Assert.Equal(["backends.b.apiKey", "backends.b.headers.X-Api-Key"], problem.Paths());
        Assert.Contains("AIROUTER_ENCRYPTION_KEY", (string)problem["errors"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(201, (int)(await admin.Http.SendJsonAsync(
            HttpMethod.Put, "backends/b", """{"url":"https://api.example/v1","apiKey":"env:AIROUTER_SECRET_NOT_HERE"}""")).StatusCode);
        Assert.Equal("env:AIROUTER_SECRET_NOT_HERE", (string?)(await admin.Http.ReadAsync("backends/b"))["apiKey"]);
    }

    [Fact]
    public async Task Document_that_was_read_keeps_its_credentials_when_it_is_put_back()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ENCRYPTION_KEY", _key));
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend());
        var stored = await StoredAsync(admin);
        var shown = await admin.Http.GetStringAsync("config", Cancelled);
        Assert.Contains("\"apiKey\":\"set\",\"headers\":{\"X-Api-Key\":\"set\",\"X-Team\":\"set\"}", shown, StringComparison.Ordinal);

        await admin.Http.SendJsonAsync(
            HttpMethod.Put, "config", shown.Replace("\"backends\"", "\"server\":{\"maxBodyMiB\":3},\"backends\"", StringComparison.Ordinal), "\"1\"");

        Assert.Equal(stored["backends"]!.ToJsonString(), (await StoredAsync(admin))["backends"]!.ToJsonString());
        var yaml = await admin.Http.GetStringAsync("export", Cancelled);
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Post, "import", yaml, "\"2\"", "application/yaml")).StatusCode);
        Assert.Equal(stored["backends"]!.ToJsonString(), (await StoredAsync(admin))["backends"]!.ToJsonString());
    }

    [Fact]
    public async Task Another_host_drops_what_is_stored_and_the_placeholder_there_is_an_error()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ENCRYPTION_KEY", _key));
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend());

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", """{"url":"https://evil.example/v1","apiKey":"set"}""", "*")
            .IsProblemAsync(400, "invalid");
        Assert.Equal(["backends.b.apiKey"], problem.Paths());
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", """{"url":"https://evil.example/v1"}""", "*")).StatusCode);
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", """{"url":"https://api.example/v1","apiKey":"set"}""", "*")
            .IsProblemAsync(400, "invalid");
    }

    [Fact]
    public async Task Editor_neither_gives_credentials_nor_sends_them_elsewhere()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ENCRYPTION_KEY", _key));
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend());
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/e", """{"url":"https://e/v1","apiKey":"env:AIROUTER_SECRET_E"}""");
        var editor = await admin.WithRoleAsync("editor");

        foreach (var (name, backend) in ((string, string)[])
            [
                ("mine", """{"url":"https://mine.example","apiKey":"env:AIROUTER_SECRET_E"}"""), ("b", Backend()),
                ("e", """{"url":"https://mine.example","apiKey":"env:AIROUTER_SECRET_E"}"""),
                ("e", """{"url":"https://e/v1","apiKey":"env:AIROUTER_SECRET_E","paths":{"/v1/x":"https://mine.example"}}"""),
                ("mine", """{"url":"https://mine.example","headers":{"X-Team":"file:e"}}"""),
            ])
        {
            var problem = await editor.SendJsonAsync(HttpMethod.Put, $"backends/{name}", backend, name == "mine" ? null : "*")
                .IsProblemAsync(403, "forbidden");
            Assert.StartsWith($"backends.{name}.", problem.Paths().First(), StringComparison.Ordinal);
        }

        var kept = """{"url":"https://e/v1","apiKey":"env:AIROUTER_SECRET_E","timeouts":{"connect":3}}""";
        Assert.Equal(200, (int)(await editor.SendJsonAsync(HttpMethod.Put, "backends/e", kept, "*")).StatusCode);
        var shown = await editor.GetStringAsync("config", Cancelled);
        Assert.Equal(200, (int)(await editor.SendJsonAsync(HttpMethod.Put, "config", shown, "*")).StatusCode);
        Assert.Equal(200, (int)(await editor.DeleteAsync("backends/b", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Credentials_move_to_the_new_key_in_one_call()
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        await using (var before = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", _key)))
        {
            await before.Http.SendJsonAsync(HttpMethod.Put, "backends/b", Backend());
        }

        var next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using var admin = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", $"v2:{next},v1:{_key}"));
        var answer = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "config/reencrypt")).JsonAsync();

        Assert.True((bool)answer["isChanged"]!);
        var stored = (await StoredAsync(admin)).ToJsonString();
        Assert.Contains("enc:v2:", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("enc:v1:", stored, StringComparison.Ordinal);
        Assert.False((bool)(await (await admin.Http.SendJsonAsync(HttpMethod.Post, "config/reencrypt")).JsonAsync())["isChanged"]!);
    }

    [Fact]
    public async Task Credential_whose_key_is_missing_is_told_by_path()
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        await using (var before = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", _key)))
        {
            await before.Http.SendJsonAsync(HttpMethod.Put, "backends/b", """{"url":"https://api.example/v1","apiKey":"x"}""");
        }

        await using var admin = await RunningAdmin.StartAsync(connection, prefix);
        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "server", """{"maxBodyMiB":3}""", "*").IsProblemAsync(400, "invalid");
        Assert.Equal(["backends.b.apiKey"], problem.Paths());
        Assert.Equal("set", (string?)(await admin.Http.ReadAsync("backends/b"))["apiKey"]);
    }

    private static async Task<JsonNode> StoredAsync(RunningAdmin admin) =>
        JsonNode.Parse((await admin.Services.GetRequiredService<IConfigurationStore>().ReadAsync(Cancelled))!.Json)!;
}
