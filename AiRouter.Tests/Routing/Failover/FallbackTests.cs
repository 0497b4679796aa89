using AiRouter.Api.Admission;
using AiRouter.Api.Routing.Targets;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using static AiRouter.Tests.Routing.Failover.FailoverRouter;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>Another model answers when one cannot (R23).</summary>
public sealed class FallbackTests
{
    private const string Path = "/v1/chat/completions";
    private const string Once = "retry: { attempts: 1 }";
    private const string TooLong =
        """{"error":{"message":"This model's maximum context length is 5 tokens.","type":"invalid_request_error","code":"context_length_exceeded"}}""";

    [Theory]
    [InlineData(Ask)]
    [InlineData(AskStream)]
    public async Task R23_other_model_answers_and_headers_say_so_while_the_answer_has_the_name_asked_for(string ask)
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [bad.Url, good.Url], Once + ", fallbacks: [ { model: other } ]", Other("maxTokens: { default: 77 }"), targets: 1);

        var response = await RawHttp.PostAsync(router.Root, Path, ask);

        Assert.Equal(200, response.Status);
        Assert.Equal("other", response.Header("x-airouter-model"));
        Assert.Equal(("b1", "2"), (response.Header("x-airouter-backend"), response.Header("x-airouter-attempts")));
        Assert.DoesNotContain("other", response.Body, StringComparison.Ordinal);
        Assert.Contains(ask == Ask ? "\"model\":\"m\"" : "fine", response.Body, StringComparison.Ordinal);

        // The target is asked for the other model's name.
        Assert.Contains("\"model\":\"other\"", good.Request.Text, StringComparison.Ordinal);
        await LeavesNothingAsync(router);
    }

    [Fact]
    public async Task Target_that_is_out_is_left_alone_while_another_model_can_answer()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [bad.Url, good.Url], Once + ", fallbacks: [ { model: other } ]", Other(Once), targets: 1,
            backend: "breaker: { open: 600, maxOpen: 600 }");

        // The breaker opens at the fifth failure.
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(200, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        }

        Assert.Equal(5, bad.Requests.Count);
        good.Script = call => call.JsonAsync("{}", 503);
        var refused = await RawHttp.PostAsync(router.Root, Path, Ask);

        // Nobody waits for what is down; the refusal says when it may be asked again.
        Assert.Equal((503, "m"), (refused.Status, refused.Header("x-airouter-model")));
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(5, bad.Requests.Count);
        await LeavesNothingAsync(router);
    }

    [Fact]
    public async Task R9_token_limit_of_the_other_model_holds()
    {
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [await NobodyAsync(), good.Url], Once + ", maxTokens: { max: 100 }, fallbacks: [ { model: other } ]",
            Other("maxTokens: { max: 10 }"), targets: 1);

        var response = await RawHttp.PostAsync(router.Root, Path, """{"model":"m","messages":[{}],"max_tokens":50}""");

        Assert.Equal(502, response.Status);
        Assert.Empty(good.Requests);
    }

    [Fact]
    public async Task Error_of_the_model_asked_for_stands_when_the_others_fail_too()
    {
        await using var first = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 429, ("Retry-After", "9")));
        await using var second = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var router = await StartAsync(
            [first.Url, second.Url], Once + ", fallbacks: [ { model: other } ]", Other(Once), targets: 1);

        var response = await RawHttp.PostAsync(router.Root, Path, Ask);

        Assert.Equal((429, "9", "m"), (response.Status, response.Header("Retry-After"), response.Header("x-airouter-model")));
        Assert.Single(second.Requests);
        await LeavesNothingAsync(router);
    }

    [Fact]
    public async Task List_is_followed_in_its_order_and_nobody_is_asked_twice()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var router = await StartAsync(
            [bad.Url], Once + ", fallbacks: [ { model: other }, { model: third } ]",
            """
              other: { targets: [ { backend: b0 } ], retry: { attempts: 1 }, fallbacks: [ { model: m }, { model: third } ] }
              third: { targets: [ { backend: b0 } ], retry: { attempts: 1 }, fallbacks: [ { model: other } ] }
            """);

        Assert.Equal(503, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Equal(
            ["m", "other", "third"], bad.Requests.Select(r => System.Text.Json.JsonDocument.Parse(r.Text).RootElement.GetProperty("model").GetString()));
    }

    [Theory]
    [InlineData("[failure]", 400)]
    [InlineData("[contextLength]", 200)]
    public async Task Prompt_that_is_too_long_goes_on_only_where_that_is_a_reason(string on, int status)
    {
        await using var small = await ScriptedUpstream.StartAsync(call => call.JsonAsync(TooLong, 400));
        await using var large = await GoodAsync();
        await using var router = await StartAsync(
            [small.Url, large.Url], $"fallbacks: [ {{ model: other, on: {on} }} ]", Other(), targets: 1);

        Assert.Equal(status, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Single(small.Requests);
    }

    [Fact]
    public async Task Failure_is_no_reason_where_only_the_length_is()
    {
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [await NobodyAsync(), good.Url], Once + ", fallbacks: [ { model: other, on: [contextLength] } ]", Other(), targets: 1);

        Assert.Equal(502, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Empty(good.Requests);
    }

    [Theory]
    [InlineData("[m]", 502)]
    [InlineData("[m, other]", 200)]
    public async Task R23_only_a_model_that_the_key_may_use(string models, int status)
    {
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [await NobodyAsync(), good.Url], Once + ", fallbacks: [ { model: other } ]", Other(), targets: 1,
            rest: Key($"models: {models}"));

        Assert.Equal(status, (await RawHttp.PostAsync(router.Root, Path, Ask, Authorization)).Status);
        Assert.Equal(status == 200 ? 1 : 0, good.Requests.Count);
    }

    [Theory]
    [InlineData("operations: [embeddings]", 502)]
    [InlineData("operations: [chat]", 200)]
    public async Task Only_a_model_for_the_operation(string operations, int status)
    {
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [await NobodyAsync(), good.Url], Once + ", fallbacks: [ { model: other } ]", Other(operations), targets: 1);

        Assert.Equal(status, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
    }

    [Theory]
    [InlineData("false", "true", 502)]
    [InlineData("true", "true", 200)]
    [InlineData("false", "false", 200)]
    public async Task R23_from_own_backends_to_somebody_elses_service_only_where_that_is_allowed(string allowed, string external, int status)
    {
        await using var good = await GoodAsync();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              own: { url: "{{await NobodyAsync()}}" }
              cloud: { url: "{{good.Url}}", external: {{external}} }
            models:
              m: { targets: [ { backend: own } ], retry: { attempts: 1 }, fallbacks: [ { model: other, allowExternal: {{allowed}} } ] }
              other: { targets: [ { backend: cloud } ] }
            """);

        Assert.Equal(status, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
    }

    [Fact]
    public async Task R23_target_at_somebody_elses_service_that_is_switched_off_opens_no_way_there()
    {
        await using var cloud = await GoodAsync();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              own: { url: "{{await NobodyAsync()}}" }
              cloud: { url: "{{cloud.Url}}", external: true }
            models:
              m:
                targets: [ { backend: own }, { backend: cloud, weight: 0 } ]
                retry: { attempts: 1 }
                fallbacks: [ { model: other } ]
              other: { targets: [ { backend: cloud } ] }
            """);

        Assert.Equal(502, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Empty(cloud.Requests);
    }

    [Fact]
    public async Task R25_behind_a_reset_and_one_other_target_no_other_model_is_asked_whatever_the_failure()
    {
        await using var first = await ScriptedUpstream.StartAsync(static call =>
        {
            call.Reset();
            return Task.CompletedTask;
        });
        await using var second = await ScriptedUpstream.StartAsync(call => call.JsonAsync(TooLong, 400));
        await using var third = await GoodAsync();
        await using var router = await StartAsync(
            [first.Url, second.Url, third.Url], "fallbacks: [ { model: other, on: [ contextLength ] } ]",
            "  other: { targets: [ { backend: b2 } ] }", targets: 2);

        Assert.Equal(400, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Empty(third.Requests);
    }

    [Fact]
    public async Task R23_of_a_mixed_model_only_the_own_targets_are_asked()
    {
        await using var cloud = await GoodAsync();
        await using var own = await GoodAsync();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              gone: { url: "{{await NobodyAsync()}}" }
              own: { url: "{{own.Url}}" }
              cloud: { url: "{{cloud.Url}}", external: true }
            models:
              m: { targets: [ { backend: gone } ], retry: { attempts: 1 }, fallbacks: [ { model: other } ] }
              other: { targets: [ { backend: cloud }, { backend: own, priority: 1 } ] }
            """);

        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Empty(cloud.Requests);
        Assert.Single(own.Requests);
    }

    [Theory]
    [InlineData("price: { output: 1 }", 200)]
    [InlineData("price: { output: 1000000 }", 502)]
    [InlineData("", 502)]
    public async Task R23_only_a_model_whose_price_the_budget_covers_and_what_was_reserved_is_given_back(string price, int status)
    {
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [await NobodyAsync(), good.Url],
            Once + ", price: { output: 1 }, maxTokens: { default: 1000 }, fallbacks: [ { model: other } ]",
            Other("maxTokens: { default: 1000 }" + (price.Length == 0 ? "" : ", " + price)), targets: 1,
            rest: Key("budget: { usd: 5 }, limits: { concurrent: 1 }"));

        Assert.Equal(status, (await RawHttp.PostAsync(router.Root, Path, Ask, Authorization)).Status);
        Assert.Equal(status == 200 ? 1 : 0, good.Requests.Count);
        await LeavesNothingAsync(router);

        // The one place that the key has is free, and only what was used is spent.
        Assert.Equal(status, (await RawHttp.PostAsync(router.Root, Path, Ask, Authorization)).Status);
        await LeavesNothingAsync(router);
    }

    [Fact]
    public async Task Place_in_the_queue_is_given_back_and_one_of_the_other_model_taken()
    {
        await using var good = await ScriptedUpstream.StartAsync(call => call.JsonAsync(Answer));
        ModelRoute? m = null;
        ModelRoute? other = null;
        await using var router = await StartAsync(
            [await NobodyAsync(), good.Url], Once + ", queue: { concurrentPerReplica: 1 }, fallbacks: [ { model: other } ]",
            Other("queue: { concurrentPerReplica: 1 }"), targets: 1);
        (m, other) = (router.Route(), router.Route("other"));
        var seen = (M: -1, Other: -1);
        good.Script = call =>
        {
            seen = (m.State.Queue.Running, other.State.Queue.Running);
            return call.JsonAsync(Answer);
        };

        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Equal((0, 1), seen);
        await LeavesNothingAsync(router);
        Assert.Equal((0, 0), (m.State.Queue.Running, other.State.Queue.Running));
    }

    [Fact]
    public async Task R26_request_that_must_not_be_done_twice_goes_to_no_other_model_once_it_has_been_sent()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [bad.Url, good.Url], Once + ", fallbacks: [ { model: other } ]", Other(), targets: 1);

        Assert.Equal(503, (await RawHttp.PostAsync(router.Root, Path, """{"model":"m","messages":[{}],"store":true}""")).Status);
        Assert.Empty(good.Requests);
    }

    private const string Authorization = "Authorization: Bearer sk-air-k\r\n";

    private static string Key(string members) =>
        $$"""keys: [ { name: k, hash: "{{TestConfigs.HashOf("sk-air-k")}}", {{members}} } ]""";

    private static string Other(string members = "") =>
        $"  other: {{ targets: [ {{ backend: b1 }} ]{(members.Length == 0 ? "" : ", " + members)} }}";

    private static async Task LeavesNothingAsync(RunningRouter router)
    {
        await Eventually.HoldsAsync(() => router.Services.GetRequiredService<SettlementQueue>().Waiting == 0);
        await Eventually.HoldsAsync(() => router.Route().Targets.All(t => t.State.Load.InFlight == 0 && t.Backend.InFlight == 0));
    }
}
