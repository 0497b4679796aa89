using System.Text;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

/// <summary>The configuration as one document.</summary>
public sealed class ConfigurationDocumentTests(StoreServers servers)
{
    private const string Good = """{"backends":{"up":{"url":"http://up/v1"}},"models":{"m":{"targets":[{"backend":"up"}]}}}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_is_read_changed_and_put_back()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.Http.GetAsync("config", Cancelled).IsProblemAsync(404, "not-found");
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Put, "config?comment=first", Good, "\"0\"")).StatusCode);

        var read = await admin.Http.GetAsync("config", Cancelled);
        var json = await read.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal("\"1\"", read.Headers.ETag?.Tag);
        Assert.Equal(Good, json);
        var same = await (await admin.Http.SendJsonAsync(HttpMethod.Put, "config", json, "\"1\"")).JsonAsync();
        Assert.Equal((1, false), ((int)same["version"]!, (bool)same["isChanged"]!));

        var put = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", json.Replace("up/v1", "other/v1", StringComparison.Ordinal), "\"1\"");
        Assert.Equal("\"2\"", put.Headers.ETag?.Tag);
        var history = (await admin.Http.ReadAsync("config/history"))["items"]!.AsArray();
        Assert.Equal(["2", "1"], history.Select(static h => h!["version"]!.ToString()));
        Assert.Equal("first", (string?)history[1]!["comment"]);
        Assert.Equal("environment", (string?)history[0]!["by"]);
        Assert.Equal("backends.up.url", (string?)history[0]!["differences"]![0]!["path"]);
    }

    [Fact]
    public async Task Put_without_the_version_or_with_an_old_one_is_refused_with_the_current_one()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        await admin.PutConfigurationAsync("http://127.0.0.1:8/v1");

        var missing = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", Good).IsProblemAsync(428, "precondition-required");
        Assert.Equal("\"2\"", (string?)missing["currentVersion"]);
        foreach (var tag in (string[])["\"1\"", "\"7\"", "W/\"2\"", "\"x\""])
        {
            var old = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", Good, tag).IsProblemAsync(409, "conflict");
            Assert.Equal("\"2\"", (string?)old["currentVersion"]);
        }
    }

    [Fact]
    public async Task Yaml_is_taken_and_given()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        const string yaml = """
            # comments are lost
            backends:
              up: { url: http://up/v1 }
            models:
              m: { targets: [ { backend: up } ] }
            """;
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Post, "import", yaml, "\"0\"", "application/yaml")).StatusCode);

        Assert.Equal(Good, await admin.Http.GetStringAsync("config", Cancelled));
        const string written = "backends:\n  up:\n    url: http://up/v1\nmodels:\n  m:\n    targets:\n    - backend: up\n";
        Assert.Equal(written, await admin.Http.GetStringAsync("export", Cancelled));
        var request = new HttpRequestMessage(HttpMethod.Get, "config");
        request.Headers.Accept.ParseAdd("application/yaml");
        Assert.Equal(written, await (await admin.Http.SendAsync(request, Cancelled)).Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_by_path()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        const string bad = """
            {
              "backends": { "up": { "url": "ftp://x" }, "b": { "url": "http://b", "apiKey": "env:PATH" } },
              "models": { "m": { "targets": [ { "backend": "upp" } ], "maxN": 3 }, "n": { "targets": [] } },
              "defaults": { "chat": "nobody" }
            }
            """;

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Put, "config"), (HttpMethod.Post, "config/validate")])
        {
            var problem = await admin.Http.SendJsonAsync(method, path, bad, "\"0\"").IsProblemAsync(400, "invalid");
            Assert.Superset(
                new HashSet<string> { "backends.up.url", "backends.b.apiKey", "models.m.targets[0].backend", "defaults.chat" },
                problem.Paths().ToHashSet());
        }

        await admin.Http.GetAsync("config", Cancelled).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Unknown_members_twins_and_broken_texts_are_refused()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var unknown = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", """{"backends":{"a":{"url":"http://a","apikey":"x"}}}""", "\"0\"")
            .IsProblemAsync(400, "invalid");
        Assert.Equal(["backends.a.apikey"], unknown.Paths());
        Assert.Contains("did you mean", (string)unknown["detail"]!, StringComparison.Ordinal);
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", """{"models":{},"models":{}}""", "\"0\"").IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", "{", "\"0\"").IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", "[]", "\"0\"").IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", "a: [", "\"0\"", "application/yaml").IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", "{}", "\"0\"", "text/plain").IsProblemAsync(415, "unsupported-media-type");
        var request = new HttpRequestMessage(HttpMethod.Put, "config") { Content = new ByteArrayContent([.. "{\"models\":{\""u8, 0xff, .. "\":{}}}"u8]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
        await admin.Http.SendAsync(request, Cancelled).IsProblemAsync(400, "invalid");
    }

    [Fact]
    public async Task Bodies_are_bounded()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var large = new StringBuilder("{\"x\":\"").Append('x', 9 * 1024 * 1024).Append("\"}").ToString();

        // So that it is not sent before it is refused.
        admin.Http.DefaultRequestHeaders.ExpectContinue = true;

        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", large, "\"0\"").IsProblemAsync(413, "too-large");
    }

    [Fact]
    public async Task Validation_saves_nothing_and_says_what_would_change()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();

        var valid = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", Good)).JsonAsync();

        Assert.Equal("backends.up.url", (string?)valid["differences"]![0]!["path"]);
        Assert.Equal("\"1\"", (await admin.Http.GetAsync("config", Cancelled)).Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Names_of_formats_are_checked_and_files_that_only_routers_have_are_told()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        string With(string format) => """{"backends":{"t":{"kind":"triton","url":"http://t:8001"}},"models":{"m":{"promptFormat":"#","targets":[{"backend":"t"}]}}}"""
            .Replace("#", format, StringComparison.Ordinal);

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", With("lama3")).IsProblemAsync(400, "invalid");
        Assert.Equal(["models.m.promptFormat"], problem.Paths());
        Assert.Empty((await (await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", With("llama3"))).JsonAsync())["warnings"]!.AsArray());
        var elsewhere = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", With("only-there.jinja"))).JsonAsync();
        Assert.Contains("only-there.jinja", (string)elsewhere["warnings"]![0]!, StringComparison.Ordinal);
        await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", With("{% if")).IsProblemAsync(400, "invalid");
    }

    [Fact]
    public async Task Rollback_is_a_new_version_and_leaves_declared_keys_as_they_are()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var hash = "sha256:" + new string('a', 64);
        await admin.PutConfigurationAsync("http://127.0.0.1:1/v1", $$""","keys":[{"name":"gone","hash":"{{hash}}"}]""");
        await admin.PutConfigurationAsync("http://127.0.0.1:2/v1");

        var answer = await admin.Http.SendJsonAsync(HttpMethod.Post, "config/rollback", """{"version":1,"comment":"oops"}""", "\"2\"");

        Assert.Equal("\"3\"", answer.Headers.ETag?.Tag);
        var now = await admin.Http.ReadAsync("config");
        Assert.Equal("http://127.0.0.1:1/v1", (string?)now["backends"]!["up"]!["url"]);
        Assert.Null(now["keys"]);
        Assert.Equal("http://127.0.0.1:2/v1", (string?)(await admin.Http.ReadAsync("config/history/2"))["backends"]!["up"]!["url"]);
        Assert.Equal("oops", (string?)(await admin.Http.ReadAsync("config/history"))["items"]![0]!["comment"]);
        await admin.Http.SendJsonAsync(HttpMethod.Post, "config/rollback", """{"version":99}""").IsProblemAsync(404, "not-found");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "config/rollback", """{"version":2}""", "\"1\"").IsProblemAsync(409, "conflict");
    }

    [Fact]
    public async Task File_that_rules_keeps_everybody_else_from_writing_and_says_why()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var store = admin.Services.GetRequiredService<IConfigurationStore>();
        await store.RuleAsync(new ConfigurationRuler("airouter.yaml", "host"), "replica", Cancelled);

        foreach (var (method, path, body) in ((HttpMethod, string, string?)[])
            [
                (HttpMethod.Put, "config", Good), (HttpMethod.Put, "backends/x", """{"url":"http://x"}"""),
                (HttpMethod.Put, "defaults", "{}"), (HttpMethod.Post, "config/rollback", """{"version":1}"""), (HttpMethod.Post, "import", Good),
            ])
        {
            var problem = await admin.Http.SendJsonAsync(method, path, body, "*").IsProblemAsync(403, "read-only");
            Assert.Contains("airouter.yaml", (string)problem["detail"]!, StringComparison.Ordinal);
        }

        Assert.Equal(201, (int)(await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"a"}""")).StatusCode);
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Post, "config/validate", Good)).StatusCode);
    }

    [Fact]
    public async Task Document_that_says_read_only_is_changed_where_it_comes_from()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var readOnly = Good.Replace("{\"backends\"", "{\"store\":{\"mode\":\"readOnly\"},\"backends\"", StringComparison.Ordinal);
        var refused = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", readOnly, "\"0\"").IsProblemAsync(400, "invalid");
        Assert.Equal(["store.mode"], refused.Paths());
        var store = admin.Services.GetRequiredService<IConfigurationStore>();
        await store.SaveAsync(new ConfigurationSave(readOnly, "seed", null, []), 0, Cancelled);

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/x", """{"url":"http://x"}""").IsProblemAsync(403, "read-only");
        Assert.Contains("store.mode", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R36_configuration_that_the_store_lost_is_put_back_whole_by_an_admin_and_by_no_edit()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var editor = await admin.WithRoleAsync("editor");
        var replicas = admin.Services.GetRequiredService<ReplicaDirectory>();
        await replicas.ReportAsync(
            new ReplicaReport { Id = "r", Role = "api", Host = "h", Started = DateTimeOffset.UtcNow, ConfigurationVersion = 7 }, Cancelled);

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/x", """{"url":"http://x"}""").IsProblemAsync(409, "refused");
        Assert.Contains("version 7", (string)problem["detail"]!, StringComparison.Ordinal);
        await editor.SendJsonAsync(HttpMethod.Put, "config", Good, "\"0\"").IsProblemAsync(409, "refused");
        var put = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", Good, "\"0\"");
        Assert.Equal("\"8\"", put.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task R36_configuration_of_a_store_that_was_set_back_is_confirmed_or_replaced_whole_by_an_admin()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var editor = await admin.WithRoleAsync("editor");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "config", Good, "\"0\"");
        await admin.Services.GetRequiredService<ReplicaDirectory>().ReportAsync(
            new ReplicaReport { Id = "r", Role = "api", Host = "h", Started = DateTimeOffset.UtcNow, ConfigurationVersion = 7 }, Cancelled);

        // What routers serve is newer: an edit of what is stored would take their changes back, and nobody would notice.
        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/x", """{"url":"http://x"}""").IsProblemAsync(409, "refused");
        Assert.Contains("version 7 was served, and 1 is there", (string)problem["detail"]!, StringComparison.Ordinal);
        await editor.SendJsonAsync(HttpMethod.Put, "config", Good, "\"1\"").IsProblemAsync(409, "refused");

        // The same document once more is a decision: routers take it, because its version is above theirs.
        var put = await (await admin.Http.SendJsonAsync(HttpMethod.Put, "config", Good, "\"1\"")).JsonAsync();
        Assert.Equal((8, true), ((int)put["version"]!, (bool)put["isChanged"]!));
        Assert.Equal(201, (int)(await editor.SendJsonAsync(HttpMethod.Put, "backends/x", """{"url":"http://x"}""")).StatusCode);
    }

    [Fact]
    public async Task Dead_store_is_503_and_the_first_admin_still_gets_in()
    {
        await using var admin = await RunningAdmin.StartAsync("127.0.0.1:1", "x");

        foreach (var path in (string[])["config", "keys", "limits", "usage", "admin-keys", "audit", "backends/x"])
        {
            await admin.Http.GetAsync(path, Cancelled).IsProblemAsync(503, "store-unavailable");
        }

        await admin.As("sk-air-admin-x").GetAsync("config", Cancelled).IsProblemAsync(503, "store-unavailable");
        Assert.Equal(200, (int)(await admin.Http.GetAsync(new Uri(admin.Root, "/health/ready"), Cancelled)).StatusCode);
        Assert.Equal(200, (int)(await admin.Http.GetAsync(new Uri(admin.Root, "/metrics"), Cancelled)).StatusCode);
    }
}
