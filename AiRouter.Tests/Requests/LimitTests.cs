using System.IO.Pipelines;
using System.Net;
using System.Text;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Requests;

/// <summary>R31 and section F: what a request may be.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_the_limit_is_413_with_and_without_a_length(bool hasLength)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream, config: c => c with { Server = new ServerConfig { MaxBodyMiB = 1 } });
        var body = "{\"model\":\"public-model\",\"messages\":[\"" + new string('x', 1024 * 1024) + "\"]}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = !hasLength;

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains(
            "request_too_large", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Body_above_kestrels_own_limit_passes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);
        var body = "{\"model\":\"public-model\",\"messages\":[\"" + new string('x', 31_000_000) + "\"]}";

        using var response = await router.PostAsync("chat/completions", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body.Length + 1, upstream.Request.Body.Length);
    }

    [Fact]
    public async Task Upload_over_the_limit_is_413()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream, config: c => c with { Server = new ServerConfig { MaxUploadMiB = 1 } });
        var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[1024 * 1024]), "file", "a.wav" } };

        using var response = await router.Http.PostAsync("audio/transcriptions", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task R31_no_room_for_a_body_is_503_and_room_comes_back()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);
        var budget = router.Services.GetRequiredService<BodyBudget>();
        const string Ask = """{"model":"public-model","messages":[{}]}""";
        Assert.True(budget.TryTake(1024L * 1024 * 1024, long.MaxValue));

        using var refused = await router.PostAsync("chat/completions", Ask);
        budget.Return(1024L * 1024 * 1024);
        using var taken = await router.PostAsync("chat/completions", Ask);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.Contains("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        await Eventually.HoldsAsync(() => budget.Used == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R31_body_that_fits_the_limits_fits_the_budget(bool hasLength)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream, config: c => c with { Server = new ServerConfig { MaxBodyMiB = 3, MaxBufferedMiB = 4 } });
        var body = "{\"model\":\"public-model\",\"messages\":[\"" + new string('x', (3 * 1024 * 1024) - 100) + "\"]}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = !hasLength;

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task R31_announced_body_holds_no_more_than_a_MiB_until_it_comes()
    {
        var budget = new BodyBudget();
        using var bytes = new PooledBytes(budget);
        var pipe = new Pipe();
        var reading = bytes.ReadAsync(pipe.Reader, 50_000_000, 64_000_000, 64_000_000, TestContext.Current.CancellationToken);

        Assert.Equal(1024 * 1024, budget.Used);
        await pipe.Writer.CompleteAsync();
        Assert.Null(await reading);
    }

    [Fact]
    public async Task Connection_is_usable_after_a_413_whose_body_comes_all_the_same()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream, config: c => c with { Server = new ServerConfig { MaxBodyMiB = 1 } });
        var body = new string('x', 4 * 1024 * 1024);
        const string Next = """{"model":"public-model","messages":[{}]}""";

        var answers = await RawHttp.SendAsync(
            router.Root,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}" +
            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n" +
            $"Content-Length: {Next.Length}\r\n\r\n{Next}");

        Assert.Equal(413, answers.Status);
        Assert.False(answers.WasReset);
        Assert.Contains("request_too_large", answers.Body, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", answers.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_413_is_delivered_when_the_body_never_comes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);

        // The connection then ends (after the time that Kestrel gives a client to send the rest).
        var answer = await RawHttp.SendAsync(
            router.Root,
            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900000000\r\n\r\n{");

        Assert.Equal(413, answer.Status);
        Assert.True(answer.IsWhole);
    }

    [Fact]
    public async Task R10_empty_model_is_none_and_the_answer_names_the_default()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"model":"backend-model"}""");
        await using var router = await RunningRouter.StartAsync(
            upstream, config: c => c with { Defaults = new DefaultsConfig { Chat = "public-model" } });

        using var response = await router.PostAsync("chat/completions", """{"model":"","messages":[{}]}""");

        Assert.Equal(
            """{"model":"public-model"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/vnd.api+json", 200)]
    public async Task Content_type_must_be_json(string type, int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);
        var content = new ByteArrayContent("""{"model":"public-model","messages":[{}]}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await router.Http.PostAsync("chat/completions", content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("chat/completions", """{"model":"public-model"}""", "messages")]
    [InlineData("chat/completions", """{"model":"public-model","messages":[]}""", "messages")]
    [InlineData("chat/completions", """{"model":"public-model","messages":"x"}""", "messages")]
    [InlineData("chat/completions", """{"model":7,"messages":[{}]}""", "model")]
    [InlineData("chat/completions", """{"model":"public-model","messages":[{}],"stream":"yes"}""", "stream")]
    [InlineData("chat/completions", """{"model":"public-model","messages":[{}],"n":0}""", "n")]
    [InlineData("chat/completions", """{"model":"public-model","messages":[{}],"stream_options":[]}""", "stream_options")]
    [InlineData("chat/completions", """{"messages":[{}]}""", "model")]
    [InlineData("completions", """{"model":"public-model"}""", "prompt")]
    [InlineData("completions", """{"model":"public-model","prompt":""}""", "prompt")]
    [InlineData("completions", """{"model":"public-model","prompt":[]}""", "prompt")]
    [InlineData("completions", """{"model":"public-model","prompt":7}""", "prompt")]
    [InlineData("embeddings", """{"model":"public-model","input":""}""", "input")]
    public async Task Member_that_is_missing_or_of_the_wrong_type_is_400_that_names_it(string path, string body, string param)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);

        using var response = await router.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            $"\"param\":\"{param}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
