using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Routing.Failover.FailoverRouter;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>Which failures of one target another one makes good (R25, R26), over real sockets.</summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task R26_status_that_says_so_is_made_good_by_another_target(int status)
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", status, ("Retry-After", "1")));
        await using var good = await GoodAsync();
        await using var router = await StartAsync([bad.Url, good.Url]);

        foreach (var ask in new[] { Ask, AskStream })
        {
            var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", ask);

            Assert.Equal(200, response.Status);
            Assert.Contains("fine", response.Body, StringComparison.Ordinal);
            Assert.True(response.IsWhole);
            Assert.Equal("b1", response.Header("x-airouter-backend"));
        }

        Assert.Equal(2, good.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(501)]
    [InlineData(504)]
    public async Task R24_R26_other_statuses_are_not_tried_again(int status)
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", status));
        await using var good = await GoodAsync();
        await using var router = await StartAsync([bad.Url, good.Url]);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.True(response.Status >= 400);
        Assert.Equal("1", response.Header("x-airouter-attempts"));
        Assert.Empty(good.Requests);
    }

    [Theory]
    [InlineData(Ask)]
    [InlineData(AskStream)]
    public async Task R26_refused_connection_is_made_good(string ask)
    {
        await using var good = await GoodAsync();
        await using var router = await StartAsync([await NobodyAsync(), good.Url]);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", ask);

        Assert.Equal(200, response.Status);
        Assert.Equal("2", response.Header("x-airouter-attempts"));
    }

    [Theory]
    [InlineData(Ask)]
    [InlineData(AskStream)]
    public async Task R26_reset_before_the_headers_is_made_good(string ask)
    {
        await using var bad = await ScriptedUpstream.StartAsync(Reset);
        await using var good = await GoodAsync();
        await using var router = await StartAsync([bad.Url, good.Url]);

        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, "/v1/chat/completions", ask)).Status);
    }

    [Fact]
    public async Task R25_behind_a_reset_one_other_target_is_tried_and_no_third()
    {
        await using var first = await ScriptedUpstream.StartAsync(Reset);
        await using var second = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 500));
        await using var third = await GoodAsync();
        await using var router = await StartAsync([first.Url, second.Url, third.Url]);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal(500, response.Status);
        Assert.Single(first.Requests);
        Assert.Single(second.Requests);
        Assert.Empty(third.Requests);
    }

    [Fact]
    public async Task R25_target_that_cannot_be_reached_behind_a_reset_is_none_that_was_tried()
    {
        await using var first = await ScriptedUpstream.StartAsync(Reset);
        await using var third = await GoodAsync();
        await using var router = await StartAsync([first.Url, await NobodyAsync(), third.Url]);

        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask)).Status);
    }

    [Theory]
    [InlineData(false, 504)]
    [InlineData(true, 200)]
    public async Task R26_timeout_is_made_good_only_where_the_configuration_says_so_and_the_attempt_is_ended_first(bool onTimeout, int status)
    {
        await using var slow = await ScriptedUpstream.StartAsync(call => call.HangAsync());
        await using var good = await ScriptedUpstream.StartAsync(async call =>
        {
            await slow.Request.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), call.Ended);
            await AnswerAsync(call);
        });
        await using var router = await StartAsync(
            [slow.Url, good.Url], $"retry: {{ onTimeout: {(onTimeout ? "true" : "false")} }}",
            backend: "timeouts: { firstByte: 2 }");

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal(status, response.Status);
        Assert.Equal(onTimeout ? 1 : 0, good.Requests.Count);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{}],"store":true}""", "/v1/chat/completions")]
    [InlineData("""{"model":"m","input":"x","background":true}""", "/v1/responses")]
    [InlineData("""{"model":"m","prompt":"x"}""", "/v1/images/generations")]
    public async Task R26_what_must_not_be_done_twice_is_tried_again_only_while_nothing_has_left(string ask, string path)
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var refusing = await StartAsync([bad.Url, good.Url]);
        await using var away = await StartAsync([await NobodyAsync(), good.Url]);

        Assert.Equal(503, (await RawHttp.PostAsync(refusing.Root, path, ask)).Status);
        Assert.Empty(good.Requests);
        Assert.Equal(200, (await RawHttp.PostAsync(away.Root, path, ask)).Status);
    }

    [Fact]
    public async Task R26_upload_is_tried_again_only_while_nothing_has_left()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await ScriptedUpstream.StartAsync("""{"text":"fine"}""");
        await using var refusing = await StartAsync([bad.Url, good.Url]);
        await using var away = await StartAsync([await NobodyAsync(), good.Url]);

        Assert.Equal(503, (int)(await refusing.Http.PostAsync("audio/transcriptions", Upload(), Ct)).StatusCode);
        Assert.Empty(good.Requests);
        Assert.Equal(200, (int)(await away.Http.PostAsync("audio/transcriptions", Upload(), Ct)).StatusCode);
        Assert.Contains("the sound", good.Request.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_that_the_client_sees_is_that_of_the_last_attempt()
    {
        await using var first = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 500));
        await using var second = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503, ("Retry-After", "7")));
        await using var router = await StartAsync([first.Url, second.Url]);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal(503, response.Status);
        Assert.Equal("7", response.Header("Retry-After"));
    }

    [Fact]
    public async Task No_more_attempts_than_configured()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 500));
        await using var good = await GoodAsync();
        await using var router = await StartAsync([bad.Url, bad.Url, good.Url], "retry: { attempts: 2 }");

        Assert.Equal(500, (await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask)).Status);
        Assert.Equal(2, bad.Requests.Count);
    }

    [Fact]
    public async Task Stream_that_broke_after_its_first_event_is_not_tried_again()
    {
        await using var bad = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.EventsAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n");
            await UpstreamCall.BreakOffAsync();
        });
        await using var good = await GoodAsync();
        await using var router = await StartAsync([bad.Url, good.Url]);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream);

        Assert.Equal(200, response.Status);
        Assert.False(response.IsWhole);
        Assert.Contains("backend_stream_broken", response.Body, StringComparison.Ordinal);
        Assert.Empty(good.Requests);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static MultipartFormDataContent Upload() => new()
    {
        { new StringContent("m"), "model" },
        { new ByteArrayContent("the sound"u8.ToArray()), "file", "a.wav" },
    };

    private static Task Reset(UpstreamCall call)
    {
        call.Reset();
        return Task.CompletedTask;
    }
}
