using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Keys;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Dialects.Kept;

/// <summary>Responses that the router keeps itself, because the backend has no Responses API.</summary>
public sealed class KeptResponseTests(StoreServers servers)
{
    private const string Alice = "sk-air-alice";
    private const string Bob = "sk-air-bob";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Request_goes_on_from_a_kept_response_at_any_replica(StoreKind kind)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(kind);
        await using var one = await StartAsync(triton, store);
        var first = await AskAsync(
            one, Alice, """{"model":"llm","input":"My name is Ada. [[say:Hello, Ada.]]","instructions":"Be brief."}""");
        var id = (string)first["id"]!;
        Assert.True((bool)first["store"]!);
        await Eventually.HoldsAsync(async () => await new ResponseStore(store).FindAsync(id, Cancelled) is not null);

        await using var two = await StartAsync(triton, store);
        var second = await AskAsync(two, Alice, $$"""{"model":"llm","input":"[[say:Again.]]","previous_response_id":"{{id}}"}""");

        // What went before is in the prompt, but not its instructions: those are of each request.
        var prompt = Encoding.UTF8.GetString(triton.Requests.Last(r => r.ModelName == "ensemble").Message.Span);
        Assert.Contains("My name is Ada.", prompt);
        Assert.Contains("Hello, Ada.", prompt);
        Assert.DoesNotContain("Be brief.", prompt);
        using var items = await SendAsync(two, Alice, "GET", $"responses/{second["id"]}/input_items?order=asc");
        var listed = JsonNode.Parse(await items.Content.ReadAsStringAsync(Cancelled))!["data"]!.AsArray();
        Assert.Equal(["user", "assistant", "user"], listed.Select(i => (string)i!["role"]!));
    }

    [Fact]
    public async Task Response_is_for_its_owner_until_it_is_deleted()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var answer = await AskAsync(router, Alice, """{"model":"llm","input":"[[say:Hi.]]"}""");
        var id = (string)answer["id"]!;

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, Bob, "GET", "responses/" + id));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, Bob, "DELETE", "responses/" + id));
        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(router, Bob, "POST", "responses", $$"""{"model":"llm","input":"x","previous_response_id":"{{id}}"}"""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, Alice, "GET", "responses/" + id));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(router, Alice, "POST", $"responses/{id}/cancel", "{}"));
        var item = $$"""{"model":"llm","input":[{"type":"item_reference","id":"{{answer["output"]![0]!["id"]}}"},{"role":"user","content":"x"}]}""";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, Alice, "POST", "responses", item));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, Alice, "DELETE", "responses/" + id));

        // What was said is gone with it, also under its own name.
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(router, Alice, "POST", "responses", item));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, Alice, "GET", "responses/" + id));
    }

    [Fact]
    public async Task Response_that_the_client_does_not_want_kept_is_not()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);

        var response = await AskAsync(router, Alice, """{"model":"llm","input":"[[say:Hi.]]","store":false}""");

        Assert.False((bool)response["store"]!);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, Alice, "GET", "responses/" + response["id"]));
    }

    [Fact]
    public async Task Streamed_response_is_known_as_soon_as_its_last_event_is()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var inner = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(inner);
        await using var router = await StartAsync(triton, store);
        store.Cut(true);
        using var streamed = await SendAsync(router, Alice, "POST", "responses", """{"model":"llm","input":"[[say:Hi.]]","stream":true}""");
        var events = await streamed.Content.ReadAsStringAsync(Cancelled);
        var last = events.Split('\n').Last(l => l.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        var id = (string)JsonNode.Parse(last)!["response"]!["id"]!;

        // The store is away: this process has it all the same.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, Alice, "GET", "responses/" + id));
        store.Cut(false);
        await Eventually.HoldsAsync(async () => await new ResponseStore(inner).FindAsync(id, Cancelled) is not null);
    }

    [Theory]
    [InlineData("previous_response_id", "\"resp_1\"")]
    [InlineData("conversation", "\"conv_1\"")]
    public async Task Router_that_keeps_nothing_says_so(string member, string value)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var router = await StartAsync(triton, store: null, hours: 0);

        using var refused = await SendAsync(router, Alice, "POST", "responses", $$"""{"model":"llm","input":"x","{{member}}":{{value}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancelled))!["error"]!;
        Assert.Equal(member, (string)error["param"]!);
        Assert.Contains("server.responses.storeHours", (string)error["message"]!);
        var response = await AskAsync(router, Alice, """{"model":"llm","input":"[[say:Hi.]]"}""");
        Assert.False((bool)response["store"]!);
    }

    private static Task<RunningRouter> StartAsync(SimulatedTriton triton, IStore? store, double hours = 1) => RunningRouter.StartAsync(
        $$"""
        server: { authentication: required, responses: { storeHours: {{hours}} } }
        keys:
          - { name: alice, hash: "{{ClientKeySecret.HashOf(Alice)}}" }
          - { name: bob, hash: "{{ClientKeySecret.HashOf(Bob)}}" }
        backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
        models: { llm: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: chatml } }
        """,
        services =>
        {
            if (store is not null)
            {
                services.AddSingleton(store);
            }
        });

    private static async Task<JsonObject> AskAsync(RunningRouter router, string key, string json)
    {
        using var response = await SendAsync(router, key, "POST", "responses", json);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, body);
        return (JsonObject)JsonNode.Parse(body)!;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningRouter router, string key, string method, string path, string? json = null)
    {
        using var response = await SendAsync(router, key, method, path, json);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(RunningRouter router, string key, string method, string path, string? json = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return router.Http.SendAsync(request, Cancelled);
    }
}
