using System.Net;
using System.Text.Json;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Security;

/// <summary>Nothing that a client or a backend says makes the router connect to anybody but the configured backends.</summary>
public sealed class ForgedTargetTests
{
    private const string Ask = """{"model":"public-model","messages":[{"role":"user","content":"x"}]}""";
    private const string Secret = "sk-backend-secret";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Request targets and headers; EVIL is the address of a server that nobody may connect to.</summary>
    public static TheoryData<string, string> Forged => new()
    {
        { "/v1/chat/completions", "Host: EVIL\r\n" },
        { "http://EVIL/v1/chat/completions", "Host: EVIL\r\n" },
        { "http://test/v1/chat/completions", "Host: test\r\nX-Forwarded-Host: EVIL\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Server: EVIL\r\n" },
        { "/v1/chat/completions", "Host: test\r\nForwarded: host=EVIL;proto=http\r\nX-Forwarded-For: EVIL\r\nX-Real-IP: EVIL\r\n" },
        { "/v1/chat/completions", "Host: test\r\nX-Original-URL: http://EVIL/\r\nX-Rewrite-URL: http://EVIL/\r\n" },
        { "/v1/chat/completions", "Host: test\r\nX-Forwarded-Prefix: //EVIL\r\nX-Target: http://EVIL/\r\nX-Base-Url: http://EVIL/v1\r\n" },
        { "/v1/chat/completions?url=http://EVIL/&base_url=http://EVIL/v1&host=EVIL", "Host: test\r\n" },
        { "/v1/chat/completions?@EVIL/", "Host: test\r\n" },
        { "/v1/chat/completions?://EVIL", "Host: test\r\n" },
        { "//EVIL/v1/chat/completions", "Host: test\r\n" },
        { "/v1//EVIL/chat/completions", "Host: test\r\n" },
        { "/v1/..//EVIL/chat/completions", "Host: test\r\n" },
        { "/v1/@EVIL/chat/completions", "Host: test\r\n" },
        { "/v1/%2f%2fEVIL/chat/completions", "Host: test\r\n" },
        { "/\\EVIL/v1/chat/completions", "Host: test\r\n" },
        { "/http://EVIL/v1/chat/completions", "Host: test\r\n" },
        { "/openai/deployments/http:%2F%2FEVIL%2Fx/chat/completions", "Host: test\r\n" },
        { "/openai/deployments/public-model/chat/completions?api-version=@EVIL", "Host: test\r\n" },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task Client_cannot_choose_where_the_router_connects(string target, string headers)
    {
        await using var evil = StrictUpstream.Start();
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream.Url);

        string Filled(string text) => text.Replace("EVIL", evil.Url.Authority, StringComparison.Ordinal);
        var response = await RawHttp.SendAsync(
            router.Root,
            $"POST {Filled(target)} HTTP/1.1\r\n{Filled(headers)}Content-Type: application/json\r\nConnection: close\r\n" +
            $"Content-Length: {Ask.Length}\r\n\r\n{Ask}");

        Assert.True(response.Status is 200 or 400 or 404 or 405, response.Head);
        Assert.Equal(0, evil.Connections);
        Assert.Empty(upstream.Problems);
        Assert.All(upstream.Requests, request =>
        {
            Assert.StartsWith("/v1/chat/completions", request.Target, StringComparison.Ordinal);
            Assert.Equal(upstream.Url.Authority, request.Header("Host"));
            Assert.DoesNotContain(request.Headers, h => h.Value.Contains(evil.Url.Authority, StringComparison.Ordinal));
        });
        Assert.DoesNotContain(evil.Url.Authority, response.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT", "EVIL")]
    [InlineData("GET", "EVIL")]
    [InlineData("OPTIONS", "*")]
    [InlineData("GET", "*")]
    [InlineData("TRACE", "/v1/models")]
    public async Task Router_is_no_proxy(string method, string target)
    {
        await using var evil = StrictUpstream.Start();
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream.Url);
        using var connection = await RawConnection.OpenAsync(router.Root);

        await connection.SendAsync(
            $"{method} {target.Replace("EVIL", evil.Url.Authority, StringComparison.Ordinal)} HTTP/1.1\r\nHost: {evil.Url.Authority}\r\n" +
            $"Authorization: Bearer {Secret}\r\nConnection: close\r\n\r\n");
        var received = await connection.ReadUntilClosedAsync();

        Assert.True(RawConnection.Statuses(received) is [>= 400] or [204], received);
        Assert.DoesNotContain(Secret, received, StringComparison.Ordinal);
        Assert.Equal((0, 0), (evil.Connections, upstream.Connections));
    }

    [Theory]
    [InlineData("http://EVIL/v1")]
    [InlineData("//EVIL")]
    [InlineData("user:pass@EVIL")]
    [InlineData("gpt-4@EVIL")]
    [InlineData("../../EVIL")]
    [InlineData("file:///etc/passwd")]
    public async Task Model_that_looks_like_an_address_is_a_name(string model)
    {
        await using var evil = StrictUpstream.Start();
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream.Url, "\"*\": { targets: [ { backend: upstream } ] }");
        var name = model.Replace("EVIL", evil.Url.Authority, StringComparison.Ordinal);

        using var response = await router.PostAsync("chat/completions", $$"""{"model":"{{name}}","messages":[{}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var request = Assert.Single(upstream.Requests);
        Assert.Equal("/v1/chat/completions", request.Target);
        Assert.Contains($"\"{name}\"", request.Body, StringComparison.Ordinal);
        Assert.Equal(0, evil.Connections);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_of_a_backend_is_not_followed_and_its_credential_stays(int status)
    {
        await using var evil = StrictUpstream.Start();
        await using var upstream = StrictUpstream.Start(
            $"HTTP/1.1 {status} Moved\r\nLocation: {evil.Url}/chat/completions\r\nRefresh: 0; url={evil.Url}\r\n" +
            "WWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n");
        await using var router = await StartAsync(upstream.Url);

        foreach (var stream in new[] { "false", "true" })
        {
            var response = await RawHttp.PostAsync(
                router.Root, "/v1/chat/completions", $$"""{"model":"public-model","stream":{{stream}},"messages":[{}]}""");

            Assert.Equal(502, response.Status);
            Assert.Null(response.Header("Location"));
            Assert.Null(response.Header("Refresh"));
            Assert.DoesNotContain(evil.Url.Authority, response.Body, StringComparison.Ordinal);
        }

        Assert.Equal(0, evil.Connections);
        Assert.All(upstream.Requests, r => Assert.Equal($"Bearer {Secret}", r.Header("Authorization")));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("vllm")]
    public async Task Urls_in_messages_are_never_fetched(string model)
    {
        await using var evil = StrictUpstream.Start();
        await using var router = await TritonRouter.StartAsync();

        foreach (var url in new[] { $"{evil.Url}/image.png", "file:///etc/passwd", "FILE://localhost/etc/passwd", $"ftp://{evil.Url.Authority}/x", "\\\\evil\\share", "data:text/html,x" })
        {
            var parts = """[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":URL}}]""".Replace(
                "URL", JsonSerializer.Serialize(url), StringComparison.Ordinal);
            using var response = await router.Router.PostAsync(
                "chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{parts}}}]}""");
            var body = await response.Content.ReadAsStringAsync(Cancelled);

            Assert.DoesNotContain("root:", body, StringComparison.Ordinal);
            Assert.True((int)response.StatusCode is 200 or 400, body);
        }

        Assert.Equal(0, evil.Connections);
    }

    [Fact]
    public async Task Urls_in_messages_pass_to_a_backend_as_they_are()
    {
        await using var evil = StrictUpstream.Start();
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream.Url);
        var message = """{"role":"user","content":[{"type":"image_url","image_url":{"url":"EVIL/a.png"}},{"type":"input_file","file_url":"file:///etc/passwd"}]}"""
            .Replace("EVIL", evil.Url.ToString(), StringComparison.Ordinal);

        using var response = await router.PostAsync("chat/completions", $$"""{"model":"public-model","messages":[{{message}}]}""");

        Assert.Contains(message, Assert.Single(upstream.Requests).Body, StringComparison.Ordinal);
        Assert.Equal(0, evil.Connections);
    }

    [Fact]
    public async Task Backends_own_paths_are_chosen_by_the_configuration_only()
    {
        await using var evil = StrictUpstream.Start();
        await using var speech = StrictUpstream.Start();
        await using var upstream = StrictUpstream.Start();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { upstream: { kind: openai, url: {{upstream.Url}}, paths: { /v1/audio/speech: "{{new Uri(speech.Url, "/asr")}}" } } }
            models: { public-model: { targets: [ { backend: upstream } ] } }
            """);

        foreach (var path in new[]
        {
            "/v1/audio/speech", "/audio/speech?x=1", "/v1/audio/../audio/speech", "/v1/audio/%2e%2e/audio/speech", "/v1/audio%2fspeech",
            "/v1/audio/speech/", "/v1/audio/speech%00", "/v1/audio/..%2fspeech", "/v1/audio/speech/../../../admin", "/v1/audio/speech;@evil",
        })
        {
            var response = await RawHttp.PostAsync(router.Root, path, """{"model":"public-model","input":"x"}""");
            Assert.True(response.Status is 200 or 400 or 404 or 405, response.Head);
        }

        Assert.All(speech.Requests, r => Assert.True(r.Target is "/asr" or "/asr?x=1", r.Target));
        Assert.NotEmpty(speech.Requests);
        Assert.Empty(upstream.Requests);
        Assert.Equal(0, evil.Connections);
    }

    [Theory]
    [InlineData("/v1/files/file-1/../file-2")]
    [InlineData("/v1/files/file-1/%2e%2e/file-2")]
    [InlineData("/v1/files/file-1/%252e%252e/file-2")]
    [InlineData("/v1/files/file-1/%25252e%25252e/file-2")]
    [InlineData("/v1/files/file-1/..%2ffile-2")]
    [InlineData("/v1/files/file-1/..%252ffile-2")]
    [InlineData("/v1/files/file-1/..%5cfile-2")]
    [InlineData("/v1/files/file-1/..\\file-2")]
    [InlineData("/v1/files/file-1/%2e%2e%5cfile-2")]
    [InlineData("/v1/files/file-1/..;/file-2")]
    [InlineData("/v1/files/file-1%2f..%2ffile-2")]
    [InlineData("/v1/files/file-1%2f%2e%2e%2ffile-2/content")]
    [InlineData("/v1/files/..%2f..%2fadmin")]
    [InlineData("/v1/files/%2e%2e/%2e%2e/admin")]
    [InlineData("/v1/files/..%c0%afadmin")]
    [InlineData("/v1/files/file-1/%u002e%u002e/file-2")]
    [InlineData("/v1/files/file-1%00/../file-2")]
    [InlineData("/v1/files//file-2")]
    [InlineData("/v1/files/./file-2")]
    [InlineData("/v1/files/file-1#/../file-2")]
    [InlineData("/v1/files/file-1?/../file-2")]
    public async Task Path_of_ones_own_object_never_climbs_to_anothers(string target)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("""{"id":"ID"}""".Replace(
            "ID", call.Request.Method == "POST" ? call.Request.Text.Contains("two", StringComparison.Ordinal) ? "file-2" : "file-1" : "read", StringComparison.Ordinal)));
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { upstream: { kind: openai, url: {{upstream.Url}}, apiKey: env:AIROUTER_SECRET_BACKEND } }
            models: { m: { targets: [ { backend: upstream } ] } }
            defaults: { backend: upstream }
            server: { authentication: required }
            keys:
              - { name: one, hash: "{{TestConfigs.HashOf("sk-air-one")}}", operations: [files] }
              - { name: two, hash: "{{TestConfigs.HashOf("sk-air-two")}}", operations: [files] }
            """);
        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, "/v1/files", """{"x":"one"}""", "Authorization: Bearer sk-air-one\r\n")).Status);
        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, "/v1/files", """{"x":"two"}""", "Authorization: Bearer sk-air-two\r\n")).Status);

        using var connection = await RawConnection.OpenAsync(router.Root);
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer sk-air-one\r\nConnection: close\r\n\r\n");
        var received = await connection.ReadToEndAsync();

        // A backend may decode a path once more, take a backslash for a slash, drop what stands behind a semicolon.
        var asked = upstream.Requests.Skip(2).Select(r => r.Target.Split('?')[0]).SingleOrDefault();
        Assert.True(RawConnection.Statuses(received) is [200 or 400 or 404 or 405], received);
        Assert.True(
            asked is null || (asked.StartsWith("/v1/files/file-1", StringComparison.Ordinal) && !Climbs(asked)), $"{target} became {asked}");
        Assert.DoesNotContain(Secret, received, StringComparison.Ordinal);
    }

    private static bool Climbs(string path)
    {
        for (var i = 0; i < 4; i++)
        {
            path = Uri.UnescapeDataString(path);
        }

        return path.Split('/', '\\').Select(s => s.Split(';', '\0')[0]).Any(s => s is "." or "..");
    }

    private static Task<RunningRouter> StartAsync(Uri backend, string more = "") => RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{backend}}, apiKey: env:AIROUTER_SECRET_BACKEND } }
        models:
          public-model: { targets: [ { backend: upstream } ] }
          {{more}}
        """);
}
