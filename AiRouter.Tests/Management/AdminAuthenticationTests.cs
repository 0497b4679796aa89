using AiRouter.Core.Keys;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Management;

/// <summary>Who may do what (R44).</summary>
public sealed class AdminAuthenticationTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_any_admin_key_everything_is_closed_and_says_how_to_open_it()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ADMIN_KEY", null));

        foreach (var path in (string[])["config", "keys", "backends/x", "admin-keys", "usage", "limits", "audit"])
        {
            foreach (var http in (HttpClient[])[admin.As(null), admin.As("guess"), admin.As("")])
            {
                var problem = await http.GetAsync(path, Cancelled).IsProblemAsync(503, "closed");
                Assert.Contains("AIROUTER_ADMIN_KEY", (string)problem["detail"]!, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Without_a_key_or_with_a_wrong_one_nothing_is_answered()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        await admin.As(null).GetAsync("config", Cancelled).IsProblemAsync(401, "unauthorized");
        await admin.As("wrong").GetAsync("config", Cancelled).IsProblemAsync(401, "unauthorized");
        await admin.As(RunningAdmin.Key + "x").GetAsync("config", Cancelled).IsProblemAsync(401, "unauthorized");
        await admin.As(new string('x', 4000)).GetAsync("config", Cancelled).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Client_keys_are_no_admin_keys()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"a"}""")).JsonAsync();

        await admin.As((string)made["key"]!).GetAsync("keys", Cancelled).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Admin_keys_are_no_client_keys_and_their_prefix_keeps_them_from_backends()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"a","role":"admin"}""")).JsonAsync();
        var secret = (string)made["key"]!;

        Assert.StartsWith("sk-air-admin-", secret, StringComparison.Ordinal);
        Assert.Empty((await admin.Http.ReadAsync("keys"))["items"]!.AsArray());
        Assert.True(new ClientKeys([]).IsOurs(secret));
    }

    [Fact]
    public async Task Viewer_reads_and_writes_nothing()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var viewer = await admin.WithRoleAsync("viewer");

        foreach (var path in (string[])["config", "backends", "models/m", "keys", "limits", "usage", "config/history", "audit", "export"])
        {
            Assert.Equal(200, (int)(await viewer.GetAsync(path, Cancelled)).StatusCode);
        }

        (HttpMethod Method, string Path, string? Body)[] writes =
        [
            (HttpMethod.Put, "config", "{}"), (HttpMethod.Put, "backends/x", "{}"), (HttpMethod.Delete, "models/m", null),
            (HttpMethod.Put, "defaults", "{}"), (HttpMethod.Put, "limits/global", "{}"), (HttpMethod.Post, "keys", "{}"),
            (HttpMethod.Put, "keys/x", "{}"), (HttpMethod.Patch, "keys/x", "{}"), (HttpMethod.Post, "keys/x/rotate", "{}"),
            (HttpMethod.Post, "keys/x/disable", null), (HttpMethod.Delete, "keys/x", null), (HttpMethod.Post, "config/rollback", "{}"),
            (HttpMethod.Post, "import", "{}"), (HttpMethod.Post, "config/reencrypt", null), (HttpMethod.Post, "admin-keys", "{}"),
            (HttpMethod.Get, "admin-keys", null), (HttpMethod.Get, "requests/x/bodies", null),
        ];
        foreach (var (method, path, body) in writes)
        {
            await viewer.SendJsonAsync(method, path, body, "*").IsProblemAsync(403, "forbidden");
        }
    }

    [Fact]
    public async Task Editor_writes_but_restores_nothing_and_makes_no_admins()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var editor = await admin.WithRoleAsync("editor");

        Assert.Equal(201, (int)(await editor.SendJsonAsync(HttpMethod.Put, "backends/x", """{"url":"http://x/v1"}""")).StatusCode);
        Assert.Equal(201, (int)(await editor.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"a"}""")).StatusCode);
        await editor.SendJsonAsync(HttpMethod.Post, "config/rollback", """{"version":1}""").IsProblemAsync(403, "forbidden");
        await editor.SendJsonAsync(HttpMethod.Post, "import", "{}", "*").IsProblemAsync(403, "forbidden");
        await editor.SendJsonAsync(HttpMethod.Post, "admin-keys", "{}").IsProblemAsync(403, "forbidden");
        await editor.GetAsync("requests/x/bodies", Cancelled).IsProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Bodies_are_a_right_of_their_own()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        await (await admin.WithRoleAsync("admin")).GetAsync("requests/x/bodies", Cancelled).IsProblemAsync(403, "forbidden");
        var reader = await admin.WithRoleAsync("viewer", readBodies: true);
        await reader.GetAsync("requests/x/bodies", Cancelled).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Admin_key_ends_at_once_when_it_is_deleted_or_its_time_is_over()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"a","role":"viewer"}""")).JsonAsync();
        var http = admin.As((string)made["key"]!);
        Assert.Equal("a", (string?)(await http.ReadAsync("me"))["name"]);

        var put = await admin.Http.SendJsonAsync(
            HttpMethod.Put, $"admin-keys/{made["id"]}", """{"name":"a","role":"viewer","expires":"2020-01-01"}""", "\"1\"");
        Assert.Equal("\"2\"", put.Headers.ETag?.Tag);
        await http.GetAsync("me", Cancelled).IsProblemAsync(401, "unauthorized");
        Assert.Equal(204, (int)(await admin.Http.DeleteAsync($"admin-keys/{made["id"]}", Cancelled)).StatusCode);
        Assert.Empty((await admin.Http.ReadAsync("admin-keys"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Last_admin_stays_where_the_environment_has_none()
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        string id;
        string secret;
        await using (var first = await RunningAdmin.StartAsync(connection, prefix))
        {
            var made = await (await first.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"a","role":"admin"}""")).JsonAsync();
            (id, secret) = ((string)made["id"]!, (string)made["key"]!);
        }

        await using var admin = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ADMIN_KEY", null));
        var http = admin.As(secret);
        await http.DeleteAsync($"admin-keys/{id}", Cancelled).IsProblemAsync(409, "refused");
        await http.SendJsonAsync(HttpMethod.Put, $"admin-keys/{id}", """{"name":"a","role":"editor"}""", "*").IsProblemAsync(409, "refused");
        await http.SendJsonAsync(HttpMethod.Put, $"admin-keys/{id}", """{"name":"a","role":"admin","expires":"2100-01-01"}""", "*")
            .IsProblemAsync(409, "refused");

        await http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"b","role":"admin"}""");
        Assert.Equal(204, (int)(await http.DeleteAsync($"admin-keys/{id}", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Names_of_admins_are_unique_and_none_is_the_environments()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.WithRoleAsync("viewer", name: "a");

        await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"a","role":"admin"}""").IsProblemAsync(409, "refused");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"Environment","role":"admin"}""").IsProblemAsync(400, "invalid");
        var problem = await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"rolle":"admin"}""").IsProblemAsync(400, "invalid");
        Assert.Equal(["rolle", "", ""], problem.Paths());
    }

    [Fact]
    public async Task Guessing_has_to_wait_and_even_the_right_key_does()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        for (var i = 0; i < 4; i++)
        {
            await admin.As($"guess {i}").GetAsync("config", Cancelled).IsProblemAsync(401, "unauthorized");
        }

        var last = await admin.As("guess 5").GetAsync("config", Cancelled);
        Assert.Equal(429, (int)last.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await admin.Http.GetAsync("keys", Cancelled).IsProblemAsync(429, "too-many-attempts");
        await Eventually.HoldsAsync(async () => (await admin.Http.GetAsync("keys", Cancelled)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Key_that_may_do_less_does_not_let_its_holder_guess_on()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var viewer = await admin.WithRoleAsync("viewer");

        for (var i = 0; i < 4; i++)
        {
            await admin.As($"guess-{i}").GetAsync("config", Cancelled).IsProblemAsync(401, "unauthorized");
            Assert.Equal(200, (int)(await viewer.GetAsync("me", Cancelled)).StatusCode);
        }

        await admin.As("guess").GetAsync("config", Cancelled).IsProblemAsync(429, "too-many-attempts");
    }

    [Theory]
    [InlineData("environment")]
    [InlineData("seed")]
    [InlineData("gitops")]
    [InlineData("restore")]
    [InlineData("Router")]
    [InlineData("oidc:ann")]
    [InlineData("Proxy:ann")]
    public async Task Name_that_the_history_uses_for_others_is_refused(string name)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", $$"""{"name":"{{name}}","role":"admin"}""").IsProblemAsync(400, "invalid");
    }
}
