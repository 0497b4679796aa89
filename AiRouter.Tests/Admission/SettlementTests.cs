using System.Net;
using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Admission;

/// <summary>What is charged at the end of a request, however it ends.</summary>
public sealed class SettlementTests
{
    private const string Tokens = "limits: { tokensPerMinute: 100000 }";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_leaves_a_stream_pays_for_what_came()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: async call =>
        {
            await call.BeginEventsAsync();
            for (var i = 0; i < 7; i++)
            {
                await call.WriteAsync(Chunk("tok "));
            }

            await call.HangAsync();
        });
        using (var response = await StreamAsync(limited, "\"max_tokens\":100"))
        {
            await ReadEventsAsync(response, 7);
        }

        // The input is guessed at a quarter of its bytes: 32 of them.
        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens is > 0 and < 100);
        Assert.Equal(7 + 8, (await limited.StandingAsync()).Tokens);
    }

    [Fact]
    public async Task Client_that_leaves_a_translated_stream_pays_for_what_its_backend_was_asked()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: async call =>
        {
            await call.BeginEventsAsync();
            await call.WriteAsync(Chunk("tok "));
            await call.HangAsync();
        });
        var request = $$"""
            {"model":"public-model","max_tokens":100,"stream":true,"system":"{{new string('x', 4000)}}","messages":[{"role":"user","content":"hi"}]}
            """;
        using (var response = await StreamAsync(limited, "messages?beta=true", request))
        {
            await ReadEventsAsync(response, 2);
        }

        // The instructions are a message of the chat that the backend got; what the client added to its own path is not for it.
        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()) is { Concurrent: 0, Tokens: > 1000 and < 1100 });
        Assert.EndsWith("/chat/completions", Assert.Single(limited.Upstream.Requests).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_leaves_the_stream_of_a_fallback_pays_for_what_came()
    {
        await using var limited = await LimitedRouter.StartAsync(
            key: Tokens,
            model: """
                retry: { attempts: 1 }, fallbacks: [ { model: spare } ] }
                  spare: { targets: [ { backend: upstream, model: spare-model } ]
                """,
            script: async call =>
            {
                if (call.Request.Text.Contains("backend-model", StringComparison.Ordinal))
                {
                    await call.JsonAsync("{}", 503);
                    return;
                }

                await call.BeginEventsAsync();
                for (var i = 0; i < 7; i++)
                {
                    await call.WriteAsync(Chunk("tok "));
                }

                await call.HangAsync();
            });
        using (var response = await StreamAsync(limited, "\"max_tokens\":100"))
        {
            await ReadEventsAsync(response, 7);
        }

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()) is { Concurrent: 0, Tokens: 7 + 8 });
    }

    [Fact]
    public async Task Upstream_that_dies_in_a_stream_is_paid_for_what_came()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: async call =>
        {
            await call.EventsAsync(Chunk("tok "), Chunk("tok "), Chunk("tok "));
            await UpstreamCall.BreakOffAsync();
        });
        using var response = await StreamAsync(limited, "\"max_tokens\":100");
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Token));

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == 3 + 8);
    }

    [Fact]
    public async Task Stream_that_ends_in_good_order_in_its_middle_is_paid_for_each_piece_that_came()
    {
        await using var limited = await LimitedRouter.StartAsync(
            key: Tokens, script: call => call.EventsAsync([.. Enumerable.Repeat(Chunk("a"), 9)]));
        using var response = await StreamAsync(limited, "\"max_tokens\":100");
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Token));

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == 9 + 8);
    }

    [Fact]
    public async Task Stream_is_settled_with_the_usage_that_only_the_router_asked_for()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: call => call.EventsAsync(
            Chunk("a"), Chunk("b", "\"stop\""),
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"choices\":[],\"usage\":{\"prompt_tokens\":20," +
            "\"completion_tokens\":30,\"total_tokens\":50}}\n\n", "data: [DONE]\n\n"));
        using var response = await StreamAsync(limited, "\"max_tokens\":100");
        await response.Content.ReadAsStringAsync(Token);

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == 50);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Error_of_the_backend_costs_a_request_and_no_tokens(int status)
    {
        await using var limited = await LimitedRouter.StartAsync(
            key: "limits: { tokensPerMinute: 100000, requestsPerMinute: 10, concurrent: 1 }",
            script: call => call.JsonAsync("""{"error":{"message":"no","type":"x","code":null,"param":null}}""", status));
        using var response = await limited.ChatAsync("\"max_tokens\":100");
        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal("9", response.Headers.GetValues("x-ratelimit-remaining-requests").Single());

        await Eventually.HoldsAsync(async () => await limited.StandingAsync() is { Tokens: 0, Concurrent: 0, Requests: 1 });
    }

    [Fact]
    public async Task Backend_that_is_not_there_costs_nothing_but_a_request()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: call =>
        {
            call.Reset();
            return Task.CompletedTask;
        });
        using var response = await limited.ChatAsync("\"max_tokens\":100");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == 0);
    }

    [Fact]
    public async Task Client_that_leaves_before_a_whole_answer_pays_the_most_that_it_can_be()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: call => call.HangAsync());
        using var leaving = new CancellationTokenSource();
        var asked = limited.Router.Http.PostAsync(
            "chat/completions", new StringContent(LimitedRouter.Chat("\"max_tokens\":100"), Encoding.UTF8, "application/json"), leaving.Token);
        await Eventually.HoldsAsync(() => !limited.Upstream.Requests.IsEmpty);
        var reserved = (await limited.StandingAsync()).Tokens;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Concurrent == 0);
        Assert.InRange(reserved, 100, 1000);
        Assert.Equal(reserved, (await limited.StandingAsync()).Tokens);
    }

    [Fact]
    public async Task Answer_without_usage_is_settled_as_an_estimate()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, script: call => call.JsonAsync(
            """
            {"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"12345678"},"finish_reason":"stop"}]}
            """));
        using var response = await limited.GoodAsync("\"max_tokens\":100");

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == 8 + 2);
    }

    private static Task<HttpResponseMessage> StreamAsync(LimitedRouter limited, string members) =>
        StreamAsync(limited, "chat/completions", LimitedRouter.Chat("\"stream\":true," + members));

    private static Task<HttpResponseMessage> StreamAsync(LimitedRouter limited, string path, string json) => limited.Router.Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead,
        Token);

    private static async Task ReadEventsAsync(HttpResponseMessage response, int count)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        while (count > 0)
        {
            count -= (await reader.ReadLineAsync(Token))!.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    private static string Chunk(string text, string finish = "null") =>
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text +
        "\"},\"finish_reason\":" + finish + "}]}\n\n";
}
