using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Realtime;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Sockets.Turns;

/// <summary>Who may ask what over a WebSocket of the Responses API, and how often.</summary>
public sealed class TurnAccessTests
{
    private const string Other = "sk-air-another-of-ours";

    [Fact]
    public async Task Wrong_key_and_key_without_the_operation_are_refused_before_the_upgrade()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(
            backend, c => c with { Keys = [TestConfigs.Key("k", TurnClient.OurKey) with { Operations = ["chat"] }] });

        var (wrong, _, _) = await router.RefusedAsync(TurnClient.Path, ("Authorization", "Bearer sk-air-wrong"));
        var (mayNot, body, _) = await router.RefusedAsync(TurnClient.Path, ("Authorization", "Bearer " + TurnClient.OurKey));

        Assert.Equal((401, 403), (wrong, mayNot));
        Assert.Contains("operation_not_allowed", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_that_is_unknown_or_not_the_keys_is_told_turn_by_turn()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(
            backend, c => TurnClient.With(c, "secret-model", new BackendConfig { Url = backend.Url }) with
            {
                Keys = [TestConfigs.Key("k", TurnClient.OurKey) with { Models = ["public-model"] }],
            });
        var client = await router.ConnectAsync(TurnClient.OurKey);

        await client.AskAsync("unheard-of");
        await client.ReceiveErrorAsync(404, "model_not_found");
        await client.AskAsync("secret-model");
        await client.ReceiveErrorAsync(403, "model_not_allowed");
        await client.AskAsync();

        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        await client.CloseAsync();
    }

    [Fact]
    public async Task Connection_stays_with_its_backend()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var elsewhere = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(
            backend, c => TurnClient.With(c, "elsewhere", new BackendConfig { Url = elsewhere.Url }) with
            {
                Models = new Dictionary<string, ModelConfig>(
                    TurnClient.With(c, "elsewhere", new BackendConfig { Url = elsewhere.Url }).Models)
                {
                    ["neighbour"] = new() { Targets = [new TargetConfig { Backend = "upstream", Model = "neighbour-model" }] },
                },
            });
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await client.ReceiveResponseAsync();

        await client.AskAsync("elsewhere");
        var told = await client.ReceiveErrorAsync(400, "model_not_on_connection");
        await client.AskAsync("neighbour");
        var events = await client.ReceiveResponseAsync();

        Assert.Contains("'elsewhere' is not served there", told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("neighbour", events[^1].GetProperty("response").GetProperty("model").GetString());
        Assert.Empty(elsewhere.Asked);
        await client.CloseAsync();
    }

    [Fact]
    public async Task R5_response_of_another_key_does_not_exist()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(
            backend, c => c with { Keys = [TestConfigs.Key("k", TurnClient.OurKey), TestConfigs.Key("o", Other)] });
        var owner = await router.ConnectAsync(TurnClient.OurKey);
        await owner.AskAsync();
        await owner.ReceiveResponseAsync();
        var client = await router.ConnectAsync(Other);

        await client.AskAsync(more: ""","previous_response_id":"resp_1" """);
        var told = await client.ReceiveErrorAsync(404, "previous_response_not_found");
        await client.AskAsync(more: ""","conversation":"conv_of_nobody" """);
        await client.ReceiveErrorAsync(404, "not_found");

        Assert.Equal("previous_response_id", told.GetProperty("error").GetProperty("param").GetString());
        Assert.Single(backend.Asked);

        // To its owner it is known over every connection.
        var again = await router.ConnectAsync(TurnClient.OurKey);
        await again.AskAsync(more: ""","previous_response_id":"resp_1" """);
        Assert.Equal("response.completed", TurnClient.TypeOf((await again.ReceiveResponseAsync())[^1]));
    }

    [Fact]
    public async Task Each_turn_counts_in_the_rate_of_requests_and_the_connection_outlives_a_refusal()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var clock = new RunningClock();
        await using var router = await TurnClient.RouterAsync(
            backend, c => c with
            {
                Keys = [TestConfigs.Key("k", TurnClient.OurKey) with { Limits = new LimitsConfig { RequestsPerMinute = 2 } }],
            }, s => s.AddSingleton<TimeProvider>(clock.Time));
        var client = await router.ConnectAsync(TurnClient.OurKey);
        for (var i = 0; i < 2; i++)
        {
            await client.AskAsync();
            await client.ReceiveResponseAsync();
        }

        await client.AskAsync();
        await client.ReceiveErrorAsync(429, "rate_limit_exceeded");
        var until = clock.Time.GetUtcNow().AddSeconds(61);
        clock.Speed = 50;
        await Eventually.HoldsAsync(() => clock.Time.GetUtcNow() > until);
        clock.Speed = 1;
        await client.AskAsync();

        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        Assert.Equal(3, backend.Asked.Count);
        await client.CloseAsync();
    }

    [Fact]
    public async Task R32_turn_under_a_token_limit_is_reserved_and_settled_by_what_it_used()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, c => c with
        {
            Keys = [TestConfigs.Key("k", TurnClient.OurKey) with { Limits = new LimitsConfig { TokensPerMinute = 2000 } }],
        });
        var client = await router.ConnectAsync(TurnClient.OurKey);

        // Each of them may come to 1,500 tokens and uses 10.
        for (var i = 0; i < 3; i++)
        {
            // What one did not use is given back just behind its last event.
            await Eventually.HoldsAsync(async () =>
            {
                await client.AskAsync(more: ""","max_output_tokens":1500""");
                return TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]) == "response.completed";
            });
        }

        await client.AskAsync(more: ""","max_output_tokens":4000""");
        Assert.Equal("error", TurnClient.TypeOf(await client.ReceiveEventAsync()));
        Assert.Equal(3, backend.Asked.Count);
        await client.CloseAsync();
    }

    [Theory]
    [InlineData("openai", false)]
    [InlineData("anthropic", true)]
    [InlineData("triton", true)]
    public async Task Model_whose_backends_have_no_Responses_API_is_501_and_the_connection_is_closed(string kind, bool responses)
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, c => TurnClient.With(
            c, "translated", new BackendConfig
            {
                Kind = Enum.Parse<BackendKind>(kind, ignoreCase: true),
                Url = kind == "triton" ? new Uri("http://127.0.0.1:1") : backend.Url,
                Responses = responses,
            }));
        var client = await router.ConnectAsync();

        await client.AskAsync("translated");

        var told = await client.ReceiveErrorAsync(501, "unsupported_operation");
        Assert.Contains("POST /v1/responses works", told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1008, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
    }

    [Fact]
    public async Task Model_without_a_Responses_API_does_not_end_a_connection_that_is_in_use()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, c => TurnClient.With(
            c, "translated", new BackendConfig { Url = backend.Url, Responses = false }));
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await client.ReceiveResponseAsync();

        await client.AskAsync("translated");
        await client.ReceiveErrorAsync(501, "unsupported_operation");
        await client.AskAsync();

        Assert.Equal("response.completed", TurnClient.TypeOf((await client.ReceiveResponseAsync())[^1]));
        await client.CloseAsync();
    }
}
