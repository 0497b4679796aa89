using AiRouter.Core.Keys;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

/// <summary>Client keys over REST.</summary>
public sealed class KeyTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_is_made_with_its_secret_once()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var answer = await admin.Http.SendJsonAsync(
            HttpMethod.Post, "keys", """{"name":"team a","owner":"me","tags":["x"],"models":["m*"],"limits":{"requestsPerMinute":3,"concurrent":2}}""");

        Assert.Equal(201, (int)answer.StatusCode);
        var made = await answer.JsonAsync();
        var secret = (string)made["key"]!;
        Assert.Matches("^sk-air-[A-Za-z0-9_-]{43}$", secret);
        Assert.Equal($"/api/v1/keys/{made["id"]}", answer.Headers.Location!.OriginalString);
        var read = await admin.Http.ReadAsync($"keys/{made["id"]}");
        Assert.Null(read["key"]);
        Assert.Equal("active", (string?)read["status"]);
        Assert.Equal(3, (int)read["limits"]!["requestsPerMinute"]!);
        var record = await admin.Services.GetRequiredService<IKeyStore>().FindAsync((string)made["id"]!, Cancelled);
        Assert.Equal(ClientKeySecret.HashOf(secret), record!.Hash);
        Assert.Equal("environment", record.Created.By);
        Assert.DoesNotContain(record.Hash[8..], (await admin.Http.GetStringAsync("keys", Cancelled)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_checked_by_path()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var shape = await admin.Http.SendJsonAsync(
            HttpMethod.Post, "keys", """{"nam":"a","limits":{"requestsPerMinute":0},"expires":"soon"}""").IsProblemAsync(400, "invalid");
        Assert.Equal(["", "expires", "limits.requestsPerMinute", "nam"], shape.Paths().Order(StringComparer.Ordinal));
        var meaning = await admin.Http.SendJsonAsync(
            HttpMethod.Post, "keys", """{"name":"","operations":["chatt"],"models":[" x"]}""").IsProblemAsync(400, "invalid");
        Assert.Equal(["models[0]", "name", "operations[0]"], meaning.Paths().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Priority_is_set_shown_patched_and_checked()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var id = await MakeAsync(admin, """{"name":"a","priority":3}""");

        Assert.Equal(3, (int)(await admin.Http.ReadAsync($"keys/{id}"))["priority"]!);
        var patched = await (await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"priority":-10}""")).JsonAsync();
        Assert.Equal(-10, (int)patched["priority"]!);
        Assert.Equal(-10, (await admin.Services.GetRequiredService<IKeyStore>().FindAsync(id, Cancelled))!.Priority);
        patched = await (await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"owner":"me"}""")).JsonAsync();
        Assert.Equal(-10, (int)patched["priority"]!);

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"priority":11}""").IsProblemAsync(400, "invalid");
        Assert.Equal(["priority"], problem.Paths());
    }

    [Fact]
    public async Task Names_are_unique_also_among_those_of_the_configuration()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync(more: $$""","keys":[{"name":"declared","hash":"sha256:{{new string('b', 64)}}"}]""");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"a"}""");

        await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"a"}""").IsProblemAsync(409, "refused");
        var problem = await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"declared"}""").IsProblemAsync(400, "invalid");
        Assert.Equal(["name"], problem.Paths());
    }

    [Fact]
    public async Task Update_needs_the_version_and_patch_changes_only_what_it_names()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var id = await MakeAsync(admin, """{"name":"a","owner":"me","limits":{"requestsPerMinute":3,"concurrent":2}}""");

        await admin.Http.SendJsonAsync(HttpMethod.Put, $"keys/{id}", """{"name":"b"}""").IsProblemAsync(428, "precondition-required");
        var put = await admin.Http.SendJsonAsync(HttpMethod.Put, $"keys/{id}", """{"name":"b","limits":{"concurrent":9}}""", "\"1\"");
        Assert.Equal("\"2\"", put.Headers.ETag!.Tag);
        var late = await admin.Http.SendJsonAsync(HttpMethod.Put, $"keys/{id}", """{"name":"c"}""", "\"1\"").IsProblemAsync(409, "conflict");
        Assert.Equal("\"2\"", (string?)late["currentVersion"]);

        var patched = await (await admin.Http.SendJsonAsync(
            HttpMethod.Patch, $"keys/{id}", """{"limits":{"requestsPerMinute":5},"tags":["x"]}""", type: "application/merge-patch+json")).JsonAsync();
        Assert.Equal((5, 9), ((int)patched["limits"]!["requestsPerMinute"]!, (int)patched["limits"]!["concurrent"]!));
        Assert.Equal("b", (string?)patched["name"]);
        patched = await (await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"limits":null}""", "\"3\"")).JsonAsync();
        Assert.Empty(patched["limits"]!.AsObject());
        await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"limits":{"concurrent":1}}""", "\"3\"").IsProblemAsync(409, "conflict");
        await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"nope":1}""").IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Patch, $"keys/{id}", """{"name":"x","name":"y"}""").IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Patch, "keys/key_none", "{}").IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Key_is_rotated_switched_off_and_revoked()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var id = await MakeAsync(admin, """{"name":"a"}""");
        var store = admin.Services.GetRequiredService<IKeyStore>();
        var first = (await store.FindAsync(id, Cancelled))!.Hash;

        var rotated = await (await admin.Http.SendJsonAsync(HttpMethod.Post, $"keys/{id}/rotate", """{"overlapHours":2}""")).JsonAsync();
        var record = (await store.FindAsync(id, Cancelled))!;
        Assert.Equal(ClientKeySecret.HashOf((string)rotated["key"]!), record.Hash);
        Assert.Equal(first, record.PreviousHash);
        Assert.NotNull(rotated["previousUntil"]);
        await admin.Http.SendJsonAsync(HttpMethod.Post, $"keys/{id}/rotate", """{"overlapHours":-1}""").IsProblemAsync(400, "invalid");
        Assert.NotNull((await (await admin.Http.SendJsonAsync(HttpMethod.Post, $"keys/{id}/rotate")).JsonAsync())["key"]);

        Assert.Equal("disabled", (string?)(await (await admin.Http.SendJsonAsync(HttpMethod.Post, $"keys/{id}/disable")).JsonAsync())["status"]);
        Assert.Equal("active", (string?)(await (await admin.Http.SendJsonAsync(HttpMethod.Post, $"keys/{id}/enable")).JsonAsync())["status"]);
        Assert.Equal(204, (int)(await admin.Http.DeleteAsync($"keys/{id}", Cancelled)).StatusCode);
        await admin.Http.DeleteAsync($"keys/{id}", Cancelled).IsProblemAsync(404, "not-found");
        Assert.True((await store.ReadAsync(null, Cancelled)).Revoked.ContainsKey(record.Hash));

        var audit = (await admin.Http.ReadAsync("audit"))["items"]!.AsArray().Select(static e => (string)e!["action"]!);
        Assert.Equal(["key.revoke", "key.update", "key.update", "key.rotate", "key.rotate", "key.create"], audit);
    }

    [Fact]
    public async Task Declared_key_is_shown_and_revoked_but_changed_where_it_is_declared()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync(more: $$""","keys":[{"name":"team/a b","hash":"sha256:{{new string('c', 64)}}"}]""");
        var path = "keys/" + Uri.EscapeDataString("file:team/a b");

        Assert.Equal("configuration", (string?)(await admin.Http.ReadAsync(path))["source"]);
        await admin.Http.SendJsonAsync(HttpMethod.Post, "keys/file:team%2Fa%20b/disable").IsProblemAsync(409, "refused");
        Assert.Equal(204, (int)(await admin.Http.DeleteAsync(path, Cancelled)).StatusCode);
        Assert.Equal("revoked", (string?)(await admin.Http.ReadAsync(path))["status"]);
    }

    private static async Task<string> MakeAsync(RunningAdmin admin, string json) =>
        (string)(await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", json)).JsonAsync())["id"]!;
}
