using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Management;

/// <summary>What Admin says that becomes of a request, against what a router makes of it.</summary>
public sealed class ExplanationTests(StoreServers servers)
{
    private const string Secret = "a-client-key-of-these-tests";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explanation_says_what_a_router_does()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(static call => call.JsonAsync("""{"object":"x","choices":[]}"""));
        var json = Document(upstream.Url);
        await using var router = await RunningRouter.StartAsync(ConfigurationJson.Read(json, "it").Config!);
        await using var admin = await RunningAdmin.StartAsync(servers);
        Assert.Equal(200, (int)(await admin.Http.SendJsonAsync(HttpMethod.Put, "config", json, "*")).StatusCode);

        foreach (var (path, operation) in new[] { ("chat/completions", "chat"), ("embeddings", "embeddings"), ("moderations", "moderations") })
        {
            foreach (var name in new[] { null, "llama", "llama-7", "llamas", "gpt-3.5-x", "bge", "unpriced", "nobody" })
            {
                var said = await admin.Http.ReadAsync(
                    $"explain?operation={operation}&key=file:team{(name is null ? "" : "&model=" + Uri.EscapeDataString(name))}");
                var (status, code, answered, text) = await AskAsync(router, path, name);
                var where = $"{operation} {name}: {said.ToJsonString()}";
                Assert.True(((int?)said["refusal"]?["status"] ?? 200) == status, $"{where} but {text}");
                Assert.True((string?)said["refusal"]?["code"] == code, $"{where} but {text}");
                Assert.True(status != 200 || (string?)said["publicName"] == answered, $"{where} but {answered}");
            }
        }
    }

    [Fact]
    public async Task Explanation_of_a_wrong_operation_or_key_is_a_problem()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var viewer = await admin.WithRoleAsync("viewer");

        Assert.Equal(["operation"], (await admin.Http.GetAsync("explain?operation=chatt", Cancelled).IsProblemAsync(400, "invalid")).Paths());
        await admin.Http.GetAsync("explain?model=m&key=nobody", Cancelled).IsProblemAsync(404, "not-found");
        Assert.Equal("exact", (string?)(await viewer.ReadAsync("explain?model=m"))["match"]);
        await admin.As(null).GetAsync("explain?model=m", Cancelled).IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Key_of_the_store_is_explained_with_its_state()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var key = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"k","models":["x*"]}""")).JsonAsync();

        Assert.Equal("model_not_allowed", (string?)(await admin.Http.ReadAsync($"explain?model=m&key={key["id"]}"))["refusal"]!["code"]);
        await admin.Http.PostAsync($"keys/{key["id"]}/disable", null, Cancelled);
        Assert.Equal("invalid_api_key", (string?)(await admin.Http.ReadAsync($"explain?model=m&key={key["id"]}"))["refusal"]!["code"]);
    }

    private static string Document(Uri url) => $$"""
        {
          "backends": { "up": { "url": "{{url}}" } },
          "models": {
            "llama": { "targets": [ { "backend": "up" } ], "price": { "input": 1 } },
            "llama-*": { "targets": [ { "backend": "up" } ], "price": { "input": 1 } },
            "secret": { "targets": [ { "backend": "up" } ], "price": { "input": 1 } },
            "bge": { "operations": [ "embeddings" ], "targets": [ { "backend": "up" } ], "price": { "input": 1 } },
            "unpriced": { "targets": [ { "backend": "up" } ], "maxTokens": { "max": 10 } }
          },
          "defaults": { "chat": "llama", "embeddings": "secret", "accept": [ "gpt-3.5-*" ] },
          "keys": [ {
            "name": "team", "hash": "{{ClientKeySecret.HashOf(Secret)}}", "models": [ "llama*", "bge", "unpriced" ],
            "operations": [ "chat", "embeddings" ], "budget": { "usd": 100 }
          } ]
        }
        """;

    private static async Task<(int Status, string? Code, string? Answered, string Text)> AskAsync(RunningRouter router, string path, string? model)
    {
        var body = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hi" }), ["input"] = "x", ["max_tokens"] = 5 };
        if (model is not null)
        {
            body["model"] = model;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        using var answer = await router.Http.SendAsync(request, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        return (
            (int)answer.StatusCode,
            (string?)JsonNode.Parse(text)?["error"]?["code"],
            answer.Headers.TryGetValues("x-airouter-model", out var names) ? names.Single() : null,
            text);
    }
}
