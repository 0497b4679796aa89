using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Management;

/// <summary>Backends, models and sections, one by one.</summary>
public sealed class EntryTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain")]
    [InlineData("meta/llama 3.1")]
    [InlineData("a%2Fb")]
    [InlineData("ünï?#&=+")]
    [InlineData("gpt-*")]
    [InlineData("history")]
    public async Task Model_of_any_name_is_made_read_replaced_and_removed(string name)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var path = $"models/{Uri.EscapeDataString(name)}";
        const string model = """{"targets":[{"backend":"up"}]}""";

        var made = await admin.Http.SendJsonAsync(HttpMethod.Put, path, model);
        Assert.Equal(201, (int)made.StatusCode);
        var read = await admin.Http.GetAsync(path, Cancelled);
        Assert.Equal(model, await read.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(made.Headers.ETag, read.Headers.ETag);
        Assert.Contains(name, (await admin.Http.ReadAsync("config"))["models"]!.AsObject().Select(static m => m.Key));
        Assert.Contains(name, (await admin.Http.ReadAsync("models"))["items"]!.AsArray().Select(static m => (string)m!["name"]!));

        var replaced = await admin.Http.SendJsonAsync(HttpMethod.Put, path, """{"targets":[{"backend":"up"}],"maxN":2}""", read.Headers.ETag!.Tag);
        Assert.Equal(200, (int)replaced.StatusCode);
        await admin.Http.SendJsonAsync(HttpMethod.Delete, path, ifMatch: read.Headers.ETag.Tag).IsProblemAsync(409, "conflict");
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Delete, path, ifMatch: replaced.Headers.ETag!.Tag)).StatusCode);
        await admin.Http.GetAsync(path, Cancelled).IsProblemAsync(404, "not-found");
        await admin.Http.DeleteAsync(path, Cancelled).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Entry_that_is_there_is_replaced_only_by_who_has_seen_it()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        const string backend = """{"url":"http://x/v1"}""";

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/up", backend).IsProblemAsync(428, "precondition-required");
        Assert.Equal((await admin.Http.GetAsync("backends/up", Cancelled)).Headers.ETag!.Tag, (string?)problem["currentVersion"]);
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/up", backend, "\"old\"").IsProblemAsync(409, "conflict");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/new", backend, "*").IsProblemAsync(409, "conflict");
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/up", backend, "*")).StatusCode);
    }

    [Fact]
    public async Task Edits_of_different_entries_at_the_same_time_are_all_kept()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var other = await admin.WithRoleAsync("editor");

        var puts = Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? admin.Http : other).SendJsonAsync(
            HttpMethod.Put, $"backends/b{i}", $$"""{"url":"http://b{{i}}/v1"}"""));
        var answers = await Task.WhenAll(puts);

        Assert.All(answers, static a => Assert.Equal(201, (int)a.StatusCode));
        Assert.Equal(9, (await admin.Http.ReadAsync("config"))["backends"]!.AsObject().Count);
        var history = (await admin.Http.ReadAsync("config/history"))["items"]!.AsArray();
        Assert.Equal(9, history.Count);
        Assert.Contains("editor", history.Select(static h => (string)h!["by"]!));
    }

    [Fact]
    public async Task Of_two_edits_of_one_entry_one_wins_and_the_other_learns_it()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var tag = (await admin.Http.GetAsync("backends/up", Cancelled)).Headers.ETag!.Tag;

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => admin.Http.SendJsonAsync(
            HttpMethod.Put, "backends/up", $$"""{"url":"http://b{{i}}/v1"}""", tag)));

        Assert.Single(answers, static a => a.IsSuccessStatusCode);
        Assert.Equal(3, answers.Count(static a => (int)a.StatusCode == 409));
    }

    [Fact]
    public async Task Entry_is_checked_with_the_whole_document()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();

        var used = await admin.Http.DeleteAsync("backends/up", Cancelled).IsProblemAsync(400, "invalid");
        Assert.Equal(["models.m.targets[0].backend"], used.Paths());
        var wrong = await admin.Http.SendJsonAsync(HttpMethod.Put, "models/x", """{"targets":[{"backend":"nobody"}],"maxN":999,"typo":1}""")
            .IsProblemAsync(400, "invalid");
        Assert.Equal(["models.x.maxN", "models.x.typo"], wrong.Paths());
        Assert.Equal("\"1\"", (await admin.Http.GetAsync("config", Cancelled)).Headers.ETag!.Tag);
    }

    [Theory]
    [InlineData("defaults", """{"chat":"m"}""", "defaults.chatt", """{"chatt":"m"}""")]
    [InlineData("limits/global", """{"requestsPerMinute":100}""", "limits.requestsPerMinute", """{"requestsPerMinute":0}""")]
    [InlineData("metering", """{"hoursKeptDays":3}""", "metering.hoursKeptDays", """{"hoursKeptDays":0}""")]
    [InlineData("server", """{"maxBodyMiB":3}""", "server.maxBodyMiB", """{"maxBodyMiB":-1}""")]
    public async Task Section_is_read_replaced_and_taken_back(string path, string good, string wrongPath, string wrong)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var tag = (await admin.Http.GetAsync(path, Cancelled)).Headers.ETag!.Tag;

        await admin.Http.SendJsonAsync(HttpMethod.Put, path, good).IsProblemAsync(428, "precondition-required");
        var put = await admin.Http.SendJsonAsync(HttpMethod.Put, path, good, tag);
        Assert.Equal(200, (int)put.StatusCode);
        Assert.Equal(good, await admin.Http.GetStringAsync(path, Cancelled));
        Assert.Contains(wrongPath, (await admin.Http.SendJsonAsync(HttpMethod.Put, path, wrong, "*").IsProblemAsync(400, "invalid")).Paths());
        await admin.Http.SendJsonAsync(HttpMethod.Put, path, good, tag).IsProblemAsync(409, "conflict");
        Assert.Equal(200, (int)(await admin.Http.DeleteAsync(path, Cancelled)).StatusCode);
        Assert.Equal("{}", await admin.Http.GetStringAsync(path, Cancelled));
    }
}
