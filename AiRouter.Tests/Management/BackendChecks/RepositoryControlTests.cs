using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Management.BackendChecks;

/// <summary>Loading and unloading models of Triton backends (<c>/api/v1/repository</c>).</summary>
public sealed class RepositoryControlTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Model_is_unloaded_and_loaded_and_the_audit_says_who_did_it()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Token);
        await using var admin = await StartAsync(triton);

        Assert.Equal(200, (int)(await ChangeAsync(admin, "unload", "bge")).StatusCode);
        var without = await StateAsync(admin, "bge");
        Assert.Equal(200, (int)(await ChangeAsync(admin, "load", "bge")).StatusCode);
        var with = await StateAsync(admin, "bge");

        Assert.Equal(("unavailable", "ready"), (without, with));
        var audit = (await admin.Http.ReadAsync("audit"))["items"]!.AsArray()
            .Select(static e => $"{e!["by"]} {e["action"]} {e["subject"]} {e["name"]}").Where(static e => e.Contains("repository", StringComparison.Ordinal));
        Assert.Equal(["environment repository.load gpu bge", "environment repository.unload gpu bge"], audit);
    }

    [Fact]
    public async Task Loading_that_takes_its_time_is_answered_at_once_and_goes_on()
    {
        var time = new FakeTimeProvider();
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { UnloadedModels = { "bge" }, LoadDelayMs = 60_000 }, time, Token);
        await using var admin = await StartAsync(triton);

        var answer = await ChangeAsync(admin, "load", "bge");

        Assert.Equal(202, (int)answer.StatusCode);
        Assert.Equal("running", (string?)(await answer.JsonAsync())["state"]);
        await Eventually.HoldsAsync(async () => await StateAsync(admin, "bge") == "loading");
        var second = await ChangeAsync(admin, "load", "bge");
        Assert.Equal(409, (int)second.StatusCode);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(async () => await StateAsync(admin, "bge") == "ready");
    }

    [Fact]
    public async Task Server_that_is_not_asked_for_models_and_model_that_cannot_be_loaded_are_told()
    {
        await using var polled = await SimulatedTriton.StartAsync(new SimulatorOptions { ExplicitModelControl = false }, cancellationToken: Token);
        await using var broken = await SimulatedTriton.StartAsync(new SimulatorOptions { BrokenModels = { "bge" } }, cancellationToken: Token);
        await using var first = await StartAsync(polled);
        await using var second = await StartAsync(broken);

        var notControlled = await first.Http.SendJsonAsync(HttpMethod.Post, "repository/load", """{"backend":"gpu","model":"bge"}""")
            .IsProblemAsync(409, "refused");
        var failed = await second.Http.SendJsonAsync(HttpMethod.Post, "repository/load", """{"backend":"gpu","model":"bge"}""")
            .IsProblemAsync(409, "refused");
        var unknown = await second.Http.SendJsonAsync(HttpMethod.Post, "repository/load", """{"backend":"gpu","model":"nope"}""")
            .IsProblemAsync(409, "refused");

        Assert.Contains("--model-control-mode=explicit", (string?)notControlled["detail"], StringComparison.Ordinal);
        Assert.Contains("out of memory", (string?)failed["detail"], StringComparison.Ordinal);
        Assert.Contains("failed to poll", (string?)unknown["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("out of memory", second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_of_another_kind_and_one_that_is_not_there_are_refused()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();

        await admin.Http.SendJsonAsync(HttpMethod.Get, "repository?backend=up").IsProblemAsync(409, "refused");
        await admin.Http.SendJsonAsync(HttpMethod.Get, "repository?backend=nobody").IsProblemAsync(404, "not-found");
        await admin.Http.SendJsonAsync(HttpMethod.Get, "repository").IsProblemAsync(400, "invalid");
    }

    private static Task<HttpResponseMessage> ChangeAsync(RunningAdmin admin, string action, string model) =>
        admin.Http.SendJsonAsync(HttpMethod.Post, $"repository/{action}", $$"""{"backend":"gpu","model":"{{model}}"}""");

    private static async Task<string?> StateAsync(RunningAdmin admin, string model) =>
        (await admin.Http.ReadAsync("repository?backend=gpu"))["models"]!.AsArray()
            .Where(m => (string?)m!["name"] == model).Select(static m => (string?)m!["state"]).Single();

    private async Task<RunningAdmin> StartAsync(SimulatedTriton triton)
    {
        var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var answer = await admin.Http.SendJsonAsync(
            HttpMethod.Put, "backends/gpu", $$"""{"kind":"triton","url":"{{triton.Address}}"}""");
        Assert.Equal(201, (int)answer.StatusCode);
        return admin;
    }
}
