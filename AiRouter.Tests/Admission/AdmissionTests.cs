using System.Globalization;
using System.Net;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Admission;

/// <summary>What a client sees of limits.</summary>
public sealed class AdmissionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_without_limits_has_no_headers_and_asks_no_ledger()
    {
        var ledger = new CountingLedger();
        await using var limited = await LimitedRouter.StartAsync(configure: s => s.AddSingleton<ILimitLedger>(ledger));

        using var response = await limited.GoodAsync();

        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, ledger.Calls);
    }

    [Fact]
    public async Task Third_request_of_two_a_minute_is_429_that_says_when()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 2 }");
        using var first = await limited.GoodAsync();
        using var second = await limited.GoodAsync();

        using var third = await limited.ChatAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        var (message, type, code) = await LimitedRouter.ErrorAsync(third);
        Assert.StartsWith("Rate limit reached for your key: 2 requests per minute. Please try again in ", message);
        Assert.Equal(("requests", "rate_limit_exceeded"), (type, code));
        Assert.Equal("true", Header(third, "x-should-retry"));
        Assert.InRange(int.Parse(Header(third, "Retry-After")!, CultureInfo.InvariantCulture), 50, 61);
        Assert.Equal(["2", "1"], [Header(first, "x-ratelimit-limit-requests"), Header(first, "x-ratelimit-remaining-requests")]);
        Assert.Equal("0", Header(second, "x-ratelimit-remaining-requests"));
        Assert.Equal("0", Header(third, "x-ratelimit-remaining-requests"));
        Assert.EndsWith("s", Header(third, "x-ratelimit-reset-requests"));
        Assert.Equal(2, limited.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Known_refusal_comes_before_the_body_and_says_the_same()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 1 }");
        using var first = await limited.GoodAsync();
        using var late = await limited.ChatAsync();
        var (message, _, _) = await LimitedRouter.ErrorAsync(late);

        var early = await limited.PostHeadersOnlyAsync(length: 1000);

        Assert.Equal(429, early.Status);
        Assert.Equal(message[..60], System.Text.Json.JsonDocument.Parse(early.Body).RootElement.GetProperty("error")
            .GetProperty("message").GetString()![..60]);
        Assert.Equal("1", early.Header("x-ratelimit-limit-requests"));
        Assert.InRange(int.Parse(early.Header("Retry-After")!, CultureInfo.InvariantCulture), 50, 61);
    }

    [Fact]
    public async Task Large_body_is_not_read_when_another_replica_has_used_the_limit_up()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 1 }");
        var subject = new LimitSubject("key:file:team", new() { RequestsPerMinute = 1 }, null);
        await limited.Ledger.ReserveAsync(new Reservation { Id = "elsewhere", Subjects = [subject] }, Token);

        var early = await limited.PostHeadersOnlyAsync(length: 1_000_000);

        Assert.Equal(429, early.Status);
    }

    [Fact]
    public async Task Limits_of_one_key_are_not_anothers()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 1 }");
        using var first = await limited.GoodAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(LimitedRouter.Chat(), System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", "Bearer sk-air-other" } },
        };

        using var others = await limited.Router.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
    }

    [Theory]
    [InlineData("", "limits: { requestsPerMinute: 1 }", "", "the model 'public-model'")]
    [InlineData("", "", "limits: { requestsPerMinute: 1 }", "this router")]
    [InlineData("modelLimits: { \"public-*\": { requestsPerMinute: 1 } }", "", "", "your key and the model 'public-model'")]
    [InlineData("modelLimits: { \"*\": {}, \"public-*\": { requestsPerMinute: 1 } }", "", "", "your key and the model 'public-model'")]
    public async Task Every_scope_refuses_in_its_own_name(string key, string model, string rest, string whose)
    {
        await using var limited = await LimitedRouter.StartAsync(key, model, rest);
        using var first = await limited.GoodAsync();

        using var second = await limited.ChatAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains($"Rate limit reached for {whose}:", (await LimitedRouter.ErrorAsync(second)).Message);
    }

    [Fact]
    public async Task Headers_show_the_tightest_limit()
    {
        await using var limited = await LimitedRouter.StartAsync(
            key: "limits: { requestsPerMinute: 100, tokensPerMinute: 9000 }", rest: "limits: { requestsPerMinute: 7, tokensPerMinute: 100000 }");

        using var response = await limited.GoodAsync("\"max_tokens\":5");

        Assert.Equal(
            ["7", "6", "9000"],
            [
                Header(response, "x-ratelimit-limit-requests"), Header(response, "x-ratelimit-remaining-requests"),
                Header(response, "x-ratelimit-limit-tokens"),
            ]);
    }

    [Fact]
    public async Task Bad_request_shows_how_the_key_stands()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 5 }");
        using var good = await limited.GoodAsync();

        using var bad = await limited.Router.PostAsync("chat/completions", "{");

        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal("4", Header(bad, "x-ratelimit-remaining-requests"));
    }

    [Fact]
    public async Task Request_that_is_more_than_the_limit_is_not_to_be_retried()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { tokensPerMinute: 1000 }");

        using var response = await limited.ChatAsync("\"max_tokens\":2000");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        var (message, type, code) = await LimitedRouter.ErrorAsync(response);
        Assert.StartsWith("Request too large for your key: the limit is 1000 tokens per minute, and this request may come to 2", message);
        Assert.Equal(("tokens", "rate_limit_exceeded"), (type, code));
        Assert.Equal("false", Header(response, "x-should-retry"));
        Assert.Empty(limited.Upstream.Requests);
    }

    [Fact]
    public async Task Tokens_are_settled_with_what_the_backend_tells()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { tokensPerMinute: 100000 }");

        using var response = await limited.GoodAsync("\"max_tokens\":50");

        await Eventually.HoldsAsync(async () => (await limited.StandingAsync()).Tokens == 15);
    }

    [Fact]
    public async Task Second_request_at_the_same_time_is_refused_and_n_takes_as_many_places()
    {
        var answers = new TaskCompletionSource();
        await using var limited = await LimitedRouter.StartAsync(
            key: "limits: { concurrent: 2 }", script: async call =>
            {
                await answers.Task;
                await call.JsonAsync(LimitedRouter.Answer);
            });
        var first = limited.ChatAsync("\"n\":2");
        await Eventually.HoldsAsync(() => !limited.Upstream.Requests.IsEmpty);

        using var second = await limited.ChatAsync();
        using var tooMany = await limited.ChatAsync("\"n\":3");

        var (message, type, _) = await LimitedRouter.ErrorAsync(second);
        Assert.StartsWith("Rate limit reached for your key: 2 requests at the same time.", message);
        Assert.Equal("requests", type);
        Assert.Equal("true", Header(second, "x-should-retry"));
        Assert.Contains("this request asks for 3", (await LimitedRouter.ErrorAsync(tooMany)).Message);
        Assert.Equal("false", Header(tooMany, "x-should-retry"));
        answers.SetResult();
        using var answered = await first;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task One_after_the_other_never_meets_its_own_place()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { concurrent: 1 }");

        for (var i = 0; i < 100; i++)
        {
            using var response = await limited.GoodAsync();
        }
    }

    [Fact]
    public async Task Budget_that_is_used_up_is_insufficient_quota_that_no_retry_helps()
    {
        // A request costs 10 * 1000 + 5 * 2000 = 20,000 billionths, and 2 cents.
        await using var limited = await LimitedRouter.StartAsync(
            key: "budget: { usd: 0.03, per: day }", model: "price: { input: 1, output: 2, perRequest: 0.02 }");
        using var first = await limited.GoodAsync("\"max_tokens\":5");
        await Eventually.HoldsAsync(async () => (await limited.StandingAsync(usd: 0.03m)).SpentNanoUsd == 20_020_000);

        using var second = await limited.ChatAsync("\"max_tokens\":5");

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        var (message, type, code) = await LimitedRouter.ErrorAsync(second);
        Assert.StartsWith(
            "You exceeded your current quota: what is left of the budget of 0.03 US dollars per day for your key does not cover this " +
            "request. Please try again in ", message);
        Assert.Equal(("insufficient_quota", "insufficient_quota"), (type, code));
        Assert.Equal("false", Header(second, "x-should-retry"));
        Assert.True(int.Parse(Header(second, "Retry-After")!, CultureInfo.InvariantCulture) >= 1);
    }

    [Fact]
    public async Task Budget_and_a_model_without_price_is_403()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "budget: { usd: 1 }");

        using var response = await limited.ChatAsync();

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains("\"code\":\"model_not_priced\"", body);
        Assert.Empty(limited.Upstream.Requests);
    }

    [Fact]
    public async Task Stored_objects_count_as_requests_and_places()
    {
        await using var limited = await LimitedRouter.StartAsync(
            key: "operations: [files], limits: { requestsPerMinute: 1, tokensPerMinute: 1 }", rest: "defaults: { backend: upstream }",
            script: call => call.JsonAsync("""{"object":"list","data":[]}"""));
        using var first = await limited.Router.Http.GetAsync("files", Token);

        using var second = await limited.Router.Http.GetAsync("files", Token);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("0", Header(first, "x-ratelimit-remaining-requests"));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        using var models = await limited.Router.Http.GetAsync("models", Token);
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
    }

    [Fact]
    public async Task Limit_that_was_raised_holds_at_once()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 1 }");
        using var first = await limited.GoodAsync();
        using var refused = await limited.ChatAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        limited.Router.Configuration.Update(LimitedRouter.Yaml(limited.Upstream, "limits: { requestsPerMinute: 2 }"));

        using var second = await limited.GoodAsync();
        Assert.Equal("0", Header(second, "x-ratelimit-remaining-requests"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Counts what it is asked.</summary>
    private sealed class CountingLedger : ILimitLedger
    {
        public int Calls { get; private set; }

        public ValueTask<LimitDecision> ReserveAsync(Reservation reservation, CancellationToken cancellationToken) => Count();

        public ValueTask<LimitDecision> CheckAsync(Reservation reservation, CancellationToken cancellationToken) => Count();

        public ValueTask SettleAsync(Reservation reservation, Settlement used, CancellationToken cancellationToken)
        {
            Calls++;
            return ValueTask.CompletedTask;
        }

        public ValueTask RenewAsync(IReadOnlyList<Reservation> running, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<IReadOnlyList<LimitStanding>> ReadAsync(
            IReadOnlyList<LimitSubject> subjects, CancellationToken cancellationToken) => new([]);

        private ValueTask<LimitDecision> Count()
        {
            Calls++;
            return new(new LimitDecision { Standings = [] });
        }
    }
}
