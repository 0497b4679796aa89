using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiRouter.Api.Telemetry;
using AiRouter.AppHost.Commands;
using AiRouter.AppHost.Health;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.AppHost.Integration;

/// <summary>What must hold of everything together, whichever form of the AppHost started it.</summary>
public sealed class CompositionTests(ComposedRouter router) : IClassFixture<ComposedRouter>
{
    private static CancellationToken Deadline => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_resources_are_healthy()
    {
        using var client = new HttpClient();
        var topology = router.Topology;

        foreach (var process in topology.Processes)
        {
            await router.Form.IsHealthyAsync(process.Name);
        }

        Assert.True(await HealthProbe.IsTritonReadyAsync(client, topology.Triton, Deadline));
        Assert.True(await HealthProbe.IsOkAsync(client, topology.Api.Reachable, Wiring.Paths.Ready, Deadline));
        Assert.True(await HealthProbe.IsOkAsync(client, topology.Admin.Reachable, Wiring.Paths.Ready, Deadline));
    }

    [Fact]
    public async Task Chat_goes_through_the_router_to_Triton_and_streams_back()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = "chat",
                stream = true,
                messages = new[] { new { role = "user", content = "[[tokens:5]]" } },
            }),
        };

        using var response = await router.Api.SendAsync(request, Deadline);

        var stream = await response.Content.ReadAsStringAsync(Deadline);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(5, stream.Split('\n').Count(static line => line.Contains("\"content\":\"", StringComparison.Ordinal)
            && !line.Contains("\"content\":\"\"", StringComparison.Ordinal)));
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_made_in_Admin_works_in_the_router_until_it_is_revoked()
    {
        using var made = await router.Admin.PostAsJsonAsync("keys", new { name = "short-lived" }, Deadline);
        var key = await made.Content.ReadFromJsonAsync<JsonElement>(Deadline);
        using var client = new HttpClient { BaseAddress = router.Topology.Api.Reachable };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.GetProperty("key").GetString());

        await Eventually.HoldsAsync(async () => await ComposedRouter.StatusAsync(client) == HttpStatusCode.OK);
        using var revoked = await router.Admin.DeleteAsync($"keys/{key.GetProperty("id").GetString()}", Deadline);

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await Eventually.HoldsAsync(async () => await ComposedRouter.StatusAsync(client) == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Change_of_the_configuration_in_Admin_reaches_the_router()
    {
        using var put = await router.Admin.PutAsJsonAsync(
            "models/another", new { targets = new[] { new { backend = "triton", model = "ensemble" } } }, Deadline);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Deadline));

        await Eventually.HoldsAsync(async () => (await router.ModelsAsync()).Contains("another"));
        using var answer = await router.ChatAsync("another");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Redis_that_is_stopped_and_started_again_interrupts_no_client()
    {
        Assert.SkipWhen(router.Redis is null, "redis-server is not installed.");
        await router.Redis.StopAsync();
        try
        {
            using var without = await router.ChatAsync("chat");
            Assert.Equal(HttpStatusCode.OK, without.StatusCode);
        }
        finally
        {
            await router.Redis.StartAgainAsync();
        }

        using var client = new HttpClient { BaseAddress = router.Topology.Api.Reachable };
        await Eventually.HoldsAsync(async () =>
        {
            // Admin says 503 until it has its store again.
            using var made = await router.Admin.PostAsJsonAsync("keys", new { name = "after the restart" }, Deadline);
            if (made.StatusCode != HttpStatusCode.Created)
            {
                return false;
            }

            var key = await made.Content.ReadFromJsonAsync<JsonElement>(Deadline);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.GetProperty("key").GetString());
            return true;
        });
        await Eventually.HoldsAsync(async () => await ComposedRouter.StatusAsync(client) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Traces_metrics_and_logs_of_the_router_arrive_at_a_collector()
    {
        using var answer = await router.ChatAsync("chat");

        var attempt = await router.Collector.SpanAsync(static span => span is { Scope: "AiRouter", Kind: "Client", Name: "chat ensemble" });
        var span = await router.Collector.SpanAsync(span => span.SpanId == attempt.ParentId);
        var duration = await router.Collector.PointAsync(TelemetryNames.RequestDuration);
        var log = await router.Collector.LogAsync(log => log.Resource["service.instance.id"] as string == Instance(span.Resource));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("Server", attempt.TraceId), (span.Kind, span.TraceId));
        Assert.Equal(Instance(span.Resource), Instance(duration.Resource));
        Assert.Equal(span.Service, log.Resource["service.name"]);

        static string? Instance(IReadOnlyDictionary<string, object?> resource) => resource["service.instance.id"] as string;
    }

    [Fact]
    public async Task Commands_make_a_key_and_take_the_file_anew()
    {
        using var client = new HttpClient();
        var commands = new ManagementCommands(client, router.Topology);

        var key = await commands.CreateKeyAsync("of a command", Deadline);
        Assert.True(key.IsDone, key.Message);
        using var named = new HttpClient { BaseAddress = router.Topology.Api.Reachable };
        named.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value);
        await Eventually.HoldsAsync(async () => await ComposedRouter.StatusAsync(named) == HttpStatusCode.OK);

        var file = await File.ReadAllTextAsync(router.ConfigFile, Deadline);
        await File.WriteAllTextAsync(
            router.ConfigFile,
            file.Replace("models: {", "models: { edited: { targets: [{ backend: triton, model: ensemble }] },", StringComparison.Ordinal),
            Deadline);
        var reload = await commands.ReloadConfigurationAsync(Deadline);
        Assert.True(reload.IsDone, reload.Message);
        await Eventually.HoldsAsync(async () => (await router.ModelsAsync()).Contains("edited"));

        await File.WriteAllTextAsync(router.ConfigFile, "models: { chat: { targets: [{ backend: nowhere }] } }", Deadline);
        var refused = await commands.ReloadConfigurationAsync(Deadline);
        Assert.False(refused.IsDone);
        Assert.Contains("models.chat.targets[0].backend: ", refused.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(router.ConfigFile, file, Deadline);
    }

    [Fact]
    public async Task Commands_unload_and_load_a_model_of_Triton()
    {
        using var client = new HttpClient();
        var commands = new TritonCommands(client, router.Topology.Triton);

        var unloaded = await commands.UnloadAsync("bge", Deadline);
        Assert.True(unloaded.IsDone, unloaded.Message);
        var loaded = await commands.LoadAsync("bge", Deadline);
        Assert.True(loaded.IsDone, loaded.Message);

        var unknown = await commands.LoadAsync("no such model", Deadline);
        Assert.False(unknown.IsDone);
        Assert.Contains("no such model", unknown.Message, StringComparison.Ordinal);
        var nobody = await new TritonCommands(client, new Uri("http://127.0.0.1:1")).LoadAsync("bge", Deadline);
        Assert.False(nobody.IsDone);
    }
}
