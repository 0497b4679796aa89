using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Draining;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Dialects.Kept;

/// <summary>A router that keeps what clients of the Responses API ask it to, in front of one backend; with two keys.</summary>
internal sealed class KeptRouter : IAsyncDisposable
{
    public const string Alice = "sk-air-alice";
    public const string Bob = "sk-air-bob";

    private KeptRouter(RunningRouter router) => Router = router;

    /// <summary>The router.</summary>
    public RunningRouter Router { get; }

    /// <summary>Requests under way.</summary>
    public int Running => Router.Services.GetRequiredService<Drain>().Running;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts one.</summary>
    /// <param name="backend">The backend and its model: the members of <c>backends.up</c> and of <c>models.llm</c>.</param>
    /// <param name="store">Where it keeps things; null: nowhere.</param>
    /// <param name="hours">For how long.</param>
    /// <param name="alice">More of her key.</param>
    /// <param name="rest">More of the configuration.</param>
    /// <param name="configure">Replaces services.</param>
    public static async Task<KeptRouter> StartAsync(
        (string Backend, string Model) backend, IStore? store, double hours = 1, string alice = "", string rest = "",
        Action<IServiceCollection>? configure = null) => new(await RunningRouter.StartAsync(
            $$"""
            server: { authentication: required, responses: { storeHours: {{hours}} } }
            keys:
              - { name: alice, hash: "{{ClientKeySecret.HashOf(Alice)}}"{{alice}} }
              - { name: bob, hash: "{{ClientKeySecret.HashOf(Bob)}}" }
            backends: { up: { {{backend.Backend}} } }
            models: { llm: { {{backend.Model}} } }
            {{rest}}
            """,
            services =>
            {
                if (store is not null)
                {
                    services.AddSingleton(store);
                }

                configure?.Invoke(services);
            }));

    /// <summary>A simulated Triton as its backend.</summary>
    public static (string Backend, string Model) Triton(Uri address) =>
        ($"kind: triton, url: \"{address}\"", "targets: [ { backend: up, model: ensemble } ], promptFormat: chatml");

    /// <summary>A server with a Responses API of its own as its backend.</summary>
    public static (string Backend, string Model) OpenAi(Uri address) =>
        ($"kind: openai, url: \"{address}\"", "targets: [ { backend: up, model: theirs } ]");

    /// <summary>What a request is answered with that works.</summary>
    public async Task<JsonObject> AskAsync(string method, string path, string? json = null, string key = Alice)
    {
        var (status, body) = await SendAsync(method, path, json, key);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    /// <summary>What a request is answered with that does not: status and error.</summary>
    public async Task<(int Status, JsonObject Error)> FailAsync(string method, string path, string? json = null, string key = Alice)
    {
        var (status, body) = await SendAsync(method, path, json, key);
        Assert.True(body["error"] is JsonObject, body.ToJsonString());
        return ((int)status, (JsonObject)body["error"]!);
    }

    /// <summary>A stream of events as text.</summary>
    public async Task<string> StreamAsync(string json)
    {
        using var request = Request("POST", "responses", json, Alice);
        using var response = await Router.Http.SendAsync(request, Cancelled);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    /// <summary>Looks at a response until it stands as expected.</summary>
    public async Task<JsonObject> UntilAsync(string id, string status)
    {
        var last = new JsonObject();
        await Eventually.HoldsAsync(async () => (string?)(last = await AskAsync("GET", "responses/" + id))["status"] == status);
        return last;
    }

    /// <summary>The texts of a conversation's items, the oldest first.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string conversation)
    {
        var items = (await AskAsync("GET", $"conversations/{conversation}/items?order=asc&limit=100"))["data"]!.AsArray();
        return [.. items.Select(static i => (string)i!["content"]![0]!["text"]!)];
    }

    public ValueTask DisposeAsync() => Router.DisposeAsync();

    private async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(string method, string path, string? json, string key)
    {
        using var request = Request(method, path, json, key);
        using var response = await Router.Http.SendAsync(request, Cancelled);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled))!.AsObject());
    }

    private static HttpRequestMessage Request(string method, string path, string? json, string key) =>
        new(new HttpMethod(method), path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        };
}
