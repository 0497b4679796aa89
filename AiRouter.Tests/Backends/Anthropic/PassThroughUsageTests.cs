using System.Net;
using AiRouter.Tests.Admission;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Backends.Anthropic.AnthropicRouter;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>What Messages that pass are charged and reserved: the cache is part of the input, and every token counts.</summary>
public sealed class PassThroughUsageTests
{
    private const string Tokens = "limits: { tokensPerMinute: 100000 }";

    [Fact]
    public async Task Whole_answer_costs_what_it_says_to_the_token()
    {
        await using var limited = await StartAsync(call => call.JsonAsync(Message.Whole));

        using var response = await limited.Router.PostAsync("messages", AskMessage);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await ChargedAsync(limited, 10 + 2 + 3 + 5);
    }

    [Fact]
    public async Task Stream_costs_the_figures_of_its_end()
    {
        await using var limited = await StartAsync(call => call.EventsAsync(
            Message.Start, Message.Text(0, "Hel", "lo"), Message.Delta("end_turn"), Message.Stop));

        using var response = await limited.Router.PostAsync("messages", AskMessageStream);

        Assert.Contains("message_stop", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await ChargedAsync(limited, 10 + 2 + 3 + 15);
    }

    [Fact]
    public async Task Totals_of_the_end_replace_those_of_the_beginning()
    {
        await using var limited = await StartAsync(call => call.EventsAsync(
            Message.Start, Message.Text(0, "Hello"),
            Message.Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":100,"cache_read_input_tokens":null,"output_tokens":20}}"""),
            Message.Stop));

        using var response = await limited.Router.PostAsync("messages", AskMessageStream);

        await ChargedAsync(limited, 100 + 2 + 3 + 20);
    }

    [Fact]
    public async Task Stream_that_breaks_off_costs_what_came()
    {
        await using var limited = await StartAsync(async call =>
        {
            await call.EventsAsync(Message.Start, Message.Text(0, "one ", "two ", "tri ", "for "));
            await UpstreamCall.BreakOffAsync();
        });

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await limited.Router.PostAsync("messages", AskMessageStream);
        });

        await ChargedAsync(limited, 10 + 2 + 3 + 4);
    }

    [Fact]
    public async Task Stream_without_figures_is_estimated()
    {
        await using var limited = await StartAsync(call => call.EventsAsync(
            Message.Event("""{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"x","content":[]}}"""),
            Message.Text(0, "12345678"), Message.Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"""), Message.Stop));

        using var response = await limited.Router.PostAsync("messages", AskMessageStream);

        // The input is guessed at a quarter of its bytes: 32 of them.
        await ChargedAsync(limited, 8 + 2);
    }

    [Fact]
    public async Task Counting_costs_nothing()
    {
        await using var limited = await StartAsync(call => call.JsonAsync(
            call.Request.Target.EndsWith("count_tokens", StringComparison.Ordinal) ? """{"input_tokens":14}""" : Message.Whole));

        using var count = await limited.Router.PostAsync(
            "messages/count_tokens", """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""");
        using var response = await limited.Router.PostAsync("messages", AskMessage);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (count.StatusCode, response.StatusCode));
        await Eventually.HoldsAsync(async () => await limited.StandingAsync() is { Tokens: 10 + 2 + 3 + 5 });
    }

    [Fact]
    public async Task R32_token_limit_is_reserved_and_sent()
    {
        await using var limited = await StartAsync(call => call.JsonAsync(Message.Whole), "limits: { tokensPerMinute: 3000 }");

        // No limit of its own: the standard one, 1024, is reserved, and the backend is told so.
        using var first = await limited.Router.PostAsync("messages", """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""");
        using var second = await limited.Router.PostAsync("messages", AskMessage.Replace("50", "2950", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        Assert.Contains("\"max_tokens\":1024", limited.Upstream.Request.Text, StringComparison.Ordinal);
        Assert.Contains(
            "\"type\":\"rate_limit_error\"", await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://x.example/a.pdf"}}]}""", "", "url")]
    [InlineData("""{"role":"user","content":"x"}""", ""","tools":[{"type":"web_search_20250305","name":"web_search"}]""", "tools")]
    public async Task R45_input_that_nobody_can_bound_is_refused_under_a_limit(string turn, string rest, string name)
    {
        await using var limited = await StartAsync(call => call.JsonAsync(Message.Whole));

        using var response = await limited.Router.PostAsync(
            "messages", $$"""{"model":"public-model","max_tokens":5,"messages":[{{turn}}]{{rest}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"'{name}'", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(limited.Upstream.Requests);
    }

    private static Task<LimitedRouter> StartAsync(Func<UpstreamCall, Task> script, string key = Tokens) =>
        LimitedRouter.StartAsync(key: key, backend: "kind: anthropic", script: script);

    private static Task ChargedAsync(LimitedRouter limited, long tokens) =>
        Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == tokens);
}
