using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Objects;

/// <summary>R5: objects that backends keep belong to the key that made them.</summary>
public sealed class StoredObjectTests
{
    private const string Alice = "sk-air-alice";
    private const string Bob = "sk-air-bob";

    [Fact]
    public async Task R5_file_is_seen_by_its_owner_only()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Method == "POST"
            ? call.JsonAsync("""{"id":"file-1","object":"file"}""")
            : call.BytesAsync("application/octet-stream", [1, 2, 0, 255]));
        await using var router = await StartAsync(upstream);

        using var made = await SendAsync(router, Alice, "POST", "files", "{}");
        using var own = await SendAsync(router, Alice, "GET", "files/file-1/content?x=y");
        using var other = await SendAsync(router, Bob, "GET", "files/file-1/content");

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal(
            [1, 2, 0, 255], await own.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(["/v1/files", "/v1/files/file-1/content?x=y"], upstream.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task R5_list_has_the_keys_own_objects_only()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Method == "POST"
            ? call.JsonAsync($$"""{"id":"{{JsonNode.Parse(call.Request.Text)!["want"]}}"}""")
            : call.JsonAsync("""{"object":"list","data":[{"id":"a1"},{"id":"b1"},{"id":"x"},{"id":"a2"}],"first_id":"a1","last_id":"x","has_more":false}"""));
        await using var router = await StartAsync(upstream);
        foreach (var (key, id) in new[] { (Alice, "a1"), (Bob, "b1"), (Alice, "a2") })
        {
            using var made = await SendAsync(router, key, "POST", "batches", $$"""{"want":"{{id}}"}""");
        }

        using var list = await SendAsync(router, Bob, "GET", "batches");

        Assert.Equal(
            """{"object":"list","data":[{"id":"b1"}],"first_id":"b1","last_id":"b1","has_more":false}""",
            await list.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"input_file_id":"file-1"}""")]
    [InlineData("""{"file_ids":["file-1"]}""")]
    [InlineData("""{"input_file_id":"file-unknown"}""")]
    [InlineData("""{"input_f\u0069le_id":"file-1"}""")]
    [InlineData("""{"container":{"name":{"a":[1,{}]},"id":"file-1"}}""")]
    [InlineData("""{"file_ids":["own",{"name":"x"},"file-1"]}""")]
    [InlineData("""{"file_ids":[["x"],{"y":1,"id":"file-1"}]}""")]
    public async Task R5_body_may_refer_to_own_objects_only(string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"file-1"}""");
        await using var router = await StartAsync(upstream);
        using var made = await SendAsync(router, Alice, "POST", "files", "{}");

        using var other = await SendAsync(router, Bob, "POST", "batches", body);

        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("text/plain", """{"input_file_id":"file-1"}""", 415)]
    [InlineData("application/octet-stream", """{"input_file_id":"file-1"}""", 415)]
    [InlineData("", """{"input_file_id":"file-1"}""", 404)]
    [InlineData("application/json", """{"metadata":"\ud800"}""", 400)]
    [InlineData("application/json", """{"metadata":""", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file_ids[]\"\r\n\r\nfile-1\r\n--b--\r\n", 404)]
    public async Task R5_body_that_would_not_be_looked_at_reaches_nobody(string contentType, string body, int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"file-1"}""");
        await using var router = await StartAsync(upstream);
        using var made = await SendAsync(router, Alice, "POST", "files", "{}");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "batches") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bob);

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("batches", """{"input_file_id":"file-1"}""")]
    [InlineData("responses", """{"model":"public-model","input":[{"type":"input_file","file_id":"file-1"}]}""")]
    public async Task R5_second_credential_opens_nothing_at_a_backend_that_does_not_get_it(string path, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"file-1"}""");
        await using var router = await StartAsync(upstream);
        using var made = await SendAsync(router, Alice, "POST", "files", "{}");
        router.Http.DefaultRequestHeaders.Add("x-api-key", "anything");

        using var other = await SendAsync(router, Bob, "POST", path, body);

        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task R5_body_may_be_as_large_as_any_other()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"batch_1"}""");
        await using var router = await StartAsync(upstream);

        using var made = await SendAsync(router, Alice, "POST", "batches", $$"""{"metadata":"{{new string('x', 2 * 1024 * 1024)}}"}""");

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R5_response_is_remembered_with_its_owner_and_its_public_model(bool streams)
    {
        const string Response = """{"id":"resp_1","object":"response","model":"backend-model"}""";
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Text.Contains("stream", StringComparison.Ordinal)
            ? call.EventsAsync($"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{Response}}}\n\n")
            : call.JsonAsync(Response));
        await using var router = await StartAsync(upstream);
        var ask = """{"model":"public-model","input":"x"}""";
        using var made = await SendAsync(
            router, Alice, "POST", "responses", streams ? ask.Replace("\"input\"", "\"stream\":true,\"input\"", StringComparison.Ordinal) : ask);
        await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        using var own = await SendAsync(router, Alice, "GET", "responses/resp_1");
        using var other = await SendAsync(router, Bob, "GET", "responses/resp_1");
        var next = """{"model":"public-model","input":"y","previous_response_id":"resp_1"}""";
        using var ownNext = await SendAsync(router, Alice, "POST", "responses", next);
        using var otherNext = await SendAsync(router, Bob, "POST", "responses", next);

        Assert.Contains(
            "\"model\":\"public-model\"", await own.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ownNext.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, otherNext.StatusCode);
    }

    [Fact]
    public async Task R5_request_that_refers_to_an_object_goes_where_it_is_kept()
    {
        await using var one = await ScriptedUpstream.StartAsync("""{"id":"resp_one","object":"response"}""");
        await using var two = await ScriptedUpstream.StartAsync("""{"id":"resp_two","object":"response"}""");
        await using var router = await RunningRouter.StartAsync($$"""
            backends:
              one: { kind: openai, url: "{{one.Url}}" }
              two: { kind: openai, url: "{{two.Url}}" }
            models:
              m: { targets: [ { backend: one }, { backend: two } ] }
            """);
        while (one.Requests.IsEmpty || two.Requests.IsEmpty)
        {
            using var made = await router.PostAsync("responses", """{"model":"m","input":"x"}""");
        }

        var before = one.Requests.Count;
        for (var i = 0; i < 10; i++)
        {
            using var next = await router.PostAsync("responses", """{"model":"m","input":"x","previous_response_id":"resp_two"}""");
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        }

        Assert.Equal(before, one.Requests.Count);
    }

    [Fact]
    public async Task R5_without_a_default_backend_it_is_501()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream, hasDefault: false);

        using var response = await SendAsync(router, Alice, "GET", "files");

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
    }

    [Fact]
    public async Task Backend_that_hangs_holds_no_more_requests_than_it_may()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.HangAsync());
        await using var router = await StartAsync(upstream, most: 1);
        using var gone = new CancellationTokenSource();
        var first = SendAsync(router, Alice, "GET", "files", cancellationToken: gone.Token);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1);

        using (var second = await SendAsync(router, Alice, "GET", "files"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
            Assert.Contains(
                "server_is_overloaded", await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var backend = router.Services.GetRequiredService<RouterStates>().Current!.Backends["upstream"];
        await Eventually.HoldsAsync(() => backend.InFlight == 0);
        Assert.Single(upstream.Requests);
    }

    private static Task<RunningRouter> StartAsync(
        ScriptedUpstream upstream, bool hasDefault = true, int most = 4096) => RunningRouter.StartAsync(
        upstream,
        backend: b => b with { MaxRequestsPerReplica = most },
        config: c => c with
        {
            Defaults = new DefaultsConfig { Backend = hasDefault ? "upstream" : null },
            Keys = [.. new[] { ("alice", Alice), ("bob", Bob) }.Select(k => TestConfigs.Key(k.Item1, k.Item2) with
            {
                Operations = ["files", "batches", "stored_responses", "responses"],
            })],
        });

    private static Task<HttpResponseMessage> SendAsync(
        RunningRouter router, string key, string method, string path, string? json = null, CancellationToken? cancellationToken = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return router.Http.SendAsync(request, cancellationToken ?? TestContext.Current.CancellationToken);
    }
}
