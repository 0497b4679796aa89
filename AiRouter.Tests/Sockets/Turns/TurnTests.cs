using System.Net;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Realtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Sockets.Turns;

/// <summary>Responses over a WebSocket: what reaches the backend, and what comes back.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task Turns_share_one_connection_and_both_sides_see_their_own_name()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, TurnClient.Keyed);
        var client = await router.ConnectAsync(TurnClient.OurKey);

        await client.AskAsync(more: ""","store":false,"unknown":[1, 2]""");
        var first = await client.ReceiveResponseAsync();
        await client.AskAsync(more: ""","previous_response_id":"resp_1" """);
        var second = await client.ReceiveResponseAsync();
        await client.CloseAsync();

        Assert.Equal(
            ["response.created", "response.output_text.delta", "response.completed"], first.Select(TurnClient.TypeOf));
        foreach (var told in new[] { first[0], first[2], second[0], second[2] })
        {
            Assert.Equal("public-model", told.GetProperty("response").GetProperty("model").GetString());
        }

        Assert.Equal(
            """{"type":"response.create","model":"backend-model","input":"Hi","store":false,"unknown":[1, 2]}""",
            backend.Asked.First().GetRawText());
        Assert.Equal("resp_1", backend.Asked.Last().GetProperty("previous_response_id").GetString());
        Assert.Equal("/v1/responses", backend.Socket.Request.Target);
        Assert.DoesNotContain(backend.Socket.Request.Headers.Values, v => v.Contains(TurnClient.OurKey, StringComparison.Ordinal));
        Assert.Equal(1000, (int)(await backend.Closed.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken)).Status!);
    }

    [Fact]
    public async Task Each_turn_has_a_line_in_the_log_with_its_own_usage()
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.AskAsync();
            await client.ReceiveResponseAsync();
        }

        await Eventually.HoldsAsync(() => log.All.Count == 2);
        await client.CloseAsync();
        await Eventually.HoldsAsync(() => log.All.Count == 3);
        foreach (var line in log.All.Take(2))
        {
            Assert.Contains(" GET /v1/responses 200 ", line, StringComparison.Ordinal);
            Assert.Contains(" model=public-model cause=- backend=upstream attempts=1 in=7 out=3 ", line, StringComparison.Ordinal);
        }

        Assert.Equal(3, log.All.Select(l => l.Split(" id=")[1].Split(' ')[0]).Distinct().Count());
        Assert.Contains(" GET /v1/responses 101 ", log.All[2], StringComparison.Ordinal);
        Assert.Contains(" in=0 out=0 ", log.All[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_of_a_connection_run_beside_each_other_and_are_counted_apart()
    {
        var log = new LogLines<AccessLog>();
        var first = default(System.Text.Json.JsonElement);
        await using var backend = await TurnBackend.StartAsync(async (end, asked, number) =>
        {
            // The second response ends before the first.
            await TurnBackend.BeginAsync(end, asked, number);
            if (number == 1)
            {
                first = asked;
                return;
            }

            await TurnBackend.FinishAsync(end, asked, number);
            await TurnBackend.FinishAsync(end, first, 1);
        });
        await using var router = await TurnClient.RouterAsync(
            backend, c => TurnClient.With(c, "other", new BackendConfig { Url = backend.Url }) with
            {
                Models = new Dictionary<string, ModelConfig>(c.Models)
                {
                    ["other"] = new() { Targets = [new TargetConfig { Backend = "upstream", Model = "other-model" }] },
                },
            }, s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();

        await client.AskAsync(more: ""","stream_id":"a" """);
        await client.AskAsync("other", ""","stream_id":"b" """);
        var events = await client.ReceiveResponseAsync();
        events.AddRange(await client.ReceiveResponseAsync());

        Assert.All(events.Where(e => e.TryGetProperty("response", out _)), e => Assert.Equal(
            e.GetProperty("stream_id").GetString() == "a" ? "public-model" : "other",
            e.GetProperty("response").GetProperty("model").GetString()));
        Assert.Equal("b", events.First(e => TurnClient.TypeOf(e) == "response.completed").GetProperty("stream_id").GetString());
        await Eventually.HoldsAsync(() => log.All.Count(l => l.Contains(" in=7 out=3 ", StringComparison.Ordinal)) == 2);
        await client.CloseAsync();
    }

    [Fact]
    public async Task Next_target_is_asked_when_the_first_does_not_open_whatever_is_to_be_stored()
    {
        await using var first = await RealtimeBackend.RefusingAsync(503, "{}");
        await using var second = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(second, c => c with
        {
            Backends = new Dictionary<string, BackendConfig>(c.Backends)
            {
                ["first"] = new() { Url = first.Url },
                ["chat"] = new() { Url = new Uri("http://127.0.0.1:1/v1"), Responses = false },
            },
            Models = new Dictionary<string, ModelConfig>
            {
                ["public-model"] = new()
                {
                    Targets =
                    [
                        new TargetConfig { Backend = "chat", Model = "never-asked" },
                        new TargetConfig { Backend = "first", Model = "first-model", Priority = 1 },
                        new TargetConfig { Backend = "upstream", Model = "backend-model", Priority = 2 },
                    ],
                },
            },
        });
        var client = await router.ConnectAsync();

        await client.AskAsync(more: ""","store":true""");

        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        Assert.Single(first.Requests);
        Assert.Equal("backend-model", Assert.Single(second.Asked).GetProperty("model").GetString());
        await client.CloseAsync();
    }

    [Fact]
    public async Task Refusal_of_the_only_backend_is_an_error_event_and_the_connection_goes_on()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend);
        var client = await router.ConnectAsync();
        backend.Socket.Refuses = http =>
        {
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        };

        await client.AskAsync();
        await client.ReceiveErrorAsync(502, "backend_misconfigured");
        backend.Socket.Refuses = null;
        await client.AskAsync();

        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        await client.CloseAsync();
    }

    [Theory]
    [InlineData("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"bad","message":"backend-model has it"}}""", 400, "bad")]
    [InlineData("""{"type":"error","status":401,"error":{"code":"invalid_api_key","message":"sk-secret"}}""", 502, "backend_misconfigured")]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","code":"slow","message":"wait"}}""", 429, "slow")]
    public async Task Error_event_of_the_backend_ends_its_turn_and_is_cleaned(string sent, int status, string code)
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await TurnBackend.StartAsync(
            (end, asked, number) => number == 1 ? end.SendAsync(sent) : TurnBackend.AnswerAsync(end, asked, number));
        await using var router = await TurnClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();

        await client.AskAsync();
        var told = await client.ReceiveErrorAsync(status, code);
        await client.AskAsync();

        Assert.DoesNotContain("backend-model", told.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        await Eventually.HoldsAsync(() => log.All.Count == 2);
        Assert.Contains($" {status} ", log.All[0], StringComparison.Ordinal);
        await client.CloseAsync();
    }

    [Fact]
    public async Task Large_turn_and_large_response_arrive_whole_and_are_counted()
    {
        var log = new LogLines<AccessLog>();
        var large = new string('x', 300 * 1024);
        await using var backend = await TurnBackend.StartAsync((end, asked, _) => end.SendAsync(
            $$$"""{"response":{"output":"{{{large}}}","model":"backend-model","usage":{"input_tokens":7,"output_tokens":3}},"type":"response.completed"}"""));
        await using var router = await TurnClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();

        await client.SendAsync($$"""{"input":"{{large}}","model":"public-model","type":"response.create"}""");
        var told = Assert.Single(await client.ReceiveResponseAsync());

        Assert.Equal("public-model", told.GetProperty("response").GetProperty("model").GetString());
        Assert.Equal(large, told.GetProperty("response").GetProperty("output").GetString());
        Assert.Equal(large, Assert.Single(backend.Asked).GetProperty("input").GetString());
        await Eventually.HoldsAsync(() => log.All.Any(l => l.Contains(" in=7 out=3 ", StringComparison.Ordinal)));
        await client.CloseAsync();
    }

    [Fact]
    public async Task Message_that_cannot_be_taken_is_told_so_and_the_next_one_is_taken()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, c => c with { Server = new ServerConfig { MaxBodyMiB = 1 } });
        var client = await router.ConnectAsync();

        await client.AskAsync(more: $",\"more\":\"{new string('x', 2 * 1024 * 1024)}\"");
        await client.ReceiveErrorAsync(413, "request_too_large");
        await client.SendAsync(new byte[3]);
        await client.ReceiveErrorAsync(400, null);
        await client.SendAsync("no JSON");
        await client.ReceiveErrorAsync(400, null);
        await client.SendAsync("""{"type":"response.steer","response_id":"resp_1"}""");
        await client.ReceiveErrorAsync(400, "unsupported_event");
        await client.SendAsync("""{"type":"response.create","model":"public-model","model":"other"}""");
        await client.ReceiveErrorAsync(400, null);
        await client.AskAsync(more: ""","background":true,"stream_id":"s" """);
        Assert.Equal("s", (await client.ReceiveErrorAsync(400, "unsupported_parameter")).GetProperty("stream_id").GetString());
        Assert.Empty(backend.Socket.Requests);

        await client.AskAsync();
        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        await client.CloseAsync();
    }

    [Fact]
    public async Task Request_without_an_upgrade_is_426()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend);

        using var response = await router.Http.GetAsync("responses", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("websocket", response.Headers.Upgrade.Single().ToString());
    }
}
