using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;

namespace AiRouter.Tests.Security;

/// <summary>Line ends and other control characters in what clients, backends and operators name: never a header, a part or a line of its own.</summary>
public sealed class InjectionTests(StoreServers servers)
{
    private const string Crlf = "m\r\nX-Injected: yes\r\n\r\n";

    [Theory]
    [InlineData("m\r\nX-Injected: yes")]
    [InlineData("m\nX-Injected: yes")]
    [InlineData("m\0")]
    [InlineData("m\u001b[31m")]
    [InlineData("m\u007f")]
    public async Task Model_with_a_control_character_is_no_model_whatever_pattern_matches(string model)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);
        var json = JsonSerializer.Serialize(model);

        var body = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", $$"""{"model":{{json}},"messages":[{}]}""");
        var path = await RawHttp.PostAsync(
            router.Root, $"/openai/deployments/{Uri.EscapeDataString(model)}/chat/completions", """{"messages":[{}]}""");

        Assert.Equal(404, body.Status);
        Assert.True(path.Status is 404 or 400, path.Head);
        Assert.Null(body.Header("X-Injected"));
        Assert.Null(path.Header("X-Injected"));
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task Longest_name_is_bounded_in_headers_and_messages()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var longest = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", $$"""{"model":"{{new string('m', 256)}}","messages":[{}]}""");
        var tooLong = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", $$"""{"model":"{{new string('m', 100_000)}}","messages":[{}]}""");

        Assert.Equal((200, 256), (longest.Status, longest.Header("x-airouter-model")!.Length));
        Assert.Equal(404, tooLong.Status);
        Assert.True(tooLong.Body.Length < 1000);
    }

    [Theory]
    [InlineData("m\u00fc\u2028\u202e")]
    [InlineData("\ud83d\ude00 \u0085x")]
    public async Task Name_beyond_ascii_is_escaped_in_headers(string model)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", $$"""{"model":{{JsonSerializer.Serialize(model)}},"messages":[{}]}""");

        Assert.Equal(200, response.Status);
        Assert.Equal(Uri.EscapeDataString(model), response.Header("x-airouter-model"));
        Assert.Equal(model, (string?)JsonNode.Parse(Assert.Single(upstream.Requests).Body)!["model"]);
        Assert.Empty(upstream.Problems);
    }

    [Fact]
    public async Task Model_from_the_path_cannot_end_the_form_that_a_backend_gets()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);
        const string Form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n--b--\r\n";
        var model = Uri.EscapeDataString("m\r\n--b\r\nContent-Disposition: form-data; name=\"injected\"\r\n\r\nyes");

        var response = await RawHttp.SendAsync(
            router.Root,
            $"POST /openai/deployments/{model}/audio/transcriptions HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
            $"Connection: close\r\nContent-Length: {Form.Length}\r\n\r\n{Form}");

        Assert.True(response.Status is 404 or 400, response.Head);
        Assert.Equal(0, upstream.Connections);
    }

    [Theory]
    [InlineData("a.wav\"\r\nX-Injected: yes\r\n\r\n")]
    [InlineData("../../etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("\u202egnp.exe")]
    public async Task File_names_are_a_backends_to_read_and_never_a_header_of_the_request(string fileName)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);
        var form = $"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{fileName}\"\r\n\r\nRIFF\r\n" +
            "--b\r\nContent-Disposition: form-data; name=model\r\n\r\npublic\r\n--b--\r\n";

        var response = await RawHttp.SendAsync(
            router.Root,
            "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
            $"Connection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(form)}\r\n\r\n{form}");

        Assert.True(response.Status is 200 or 400, response.Head);
        Assert.Empty(upstream.Problems);
        Assert.All(upstream.Requests, r =>
        {
            Assert.Null(r.Header("X-Injected"));
            Assert.Equal(form, r.Body);
        });
    }

    [Theory]
    [InlineData("id\r\n X-Injected: yes")]
    [InlineData("\u001b[31mred")]
    [InlineData("two words")]
    [InlineData("\u00e9")]
    public async Task Request_id_is_taken_when_it_is_printable_only(string id)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);
        const string Ask = """{"model":"m","messages":[{}]}""";
        using var connection = await RawConnection.OpenAsync(router.Root);

        await connection.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nx-request-id: {id}\r\nConnection: close\r\n" +
            $"Content-Length: {Ask.Length}\r\n\r\n{Ask}");
        var received = await connection.ReadToEndAsync();

        Assert.DoesNotContain("X-Injected", received, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', received);
        Assert.All(upstream.Requests, r => Assert.StartsWith("req_", r.Header("x-request-id"), StringComparison.Ordinal));
        Assert.Empty(upstream.Problems);
    }

    [Theory]
    [InlineData("/v1/chat/completions?a=b%0d%0aX-Injected:%20yes")]
    [InlineData("/v1/chat/completions?a=b%20HTTP/1.1%0d%0aHost:%20evil%0d%0a%0d%0aGET%20/")]
    [InlineData("/v1/chat/completions?%0d%0a%0d%0a")]
    [InlineData("/v1/chat/completions?a=\u0001\u001f<>\"{}|\\^`")]
    [InlineData("/v1/chat/completions?a=%")]
    [InlineData("/v1/chat/completions?a=%zz&b=%e9")]
    [InlineData("/v1/chat/completions?#fragment")]
    public async Task Query_stays_in_its_line(string target)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, target, """{"model":"m","messages":[{}]}""");

        Assert.True(response.Status is 200 or 400, response.Head);
        Assert.Empty(upstream.Problems);
        Assert.True(upstream.Requests.Count <= 1);
        Assert.All(upstream.Requests, r => Assert.StartsWith("/v1/chat/completions", r.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Headers_of_a_backend_cannot_end_the_headers_of_the_answer()
    {
        await using var upstream = StrictUpstream.Start(
            "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nopenai-version: a\rX-Injected: yes\r\n" +
            "Content-Disposition: attachment; filename=\"a\u0001.mp3\"\r\nopenai-processing-ms: 1\u0000\r\nContent-Length: 2\r\n\r\nok");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/audio/speech", """{"model":"m","input":"x"}""");

        Assert.True(response.Status is 200 or 502, response.Head);
        Assert.Null(response.Header("X-Injected"));
        Assert.DoesNotContain(response.Head.Replace("\r\n", "", StringComparison.Ordinal), static c => char.IsControl(c));
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("x-api-key")]
    public async Task Forwarded_credential_with_a_line_end_is_not_sent(string kind)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { upstream: { kind: openai, url: {{upstream.Url}}, apiKey: forward } }
            models: { m: { targets: [ { backend: upstream } ] } }
            server: { authentication: none }
            """);
        const string Ask = """{"model":"m","messages":[{}]}""";
        using var connection = await RawConnection.OpenAsync(router.Root);

        await connection.SendAsync(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nConnection: close\r\n" +
            (kind == "bearer" ? "Authorization: Bearer " : "x-api-key: ") + $"sk-a\nX-Injected: yes\r\nContent-Length: {Ask.Length}\r\n\r\n{Ask}");
        var received = await connection.ReadToEndAsync();

        // A bare LF is a line end to some readers: it was refused, or it has become a line of the request itself, never a value.
        Assert.Empty(upstream.Problems);
        Assert.All(upstream.Requests, r => Assert.Null(r.Header("X-Injected")));
        Assert.NotEmpty(received);
    }

    [Theory]
    [InlineData("backends: { \"a\\r\\nb\": { kind: openai, url: http://x/v1 } }")]
    [InlineData("backends: { a: { kind: openai, url: http://x/v1, headers: { X-A: \"b\\r\\nX-Injected: yes\" } } }")]
    [InlineData("backends: { a: { kind: openai, url: http://x/v1, headers: { \"X-A\\r\\nX-B\": b } } }")]
    [InlineData("backends: { a: { kind: openai, url: http://x/v1, headers: { \"X A\": b } } }")]
    [InlineData("backends: { a: { kind: openai, url: http://x/v1 } }\nmodels: { \"m\\nn\": { targets: [ { backend: a } ] } }")]
    [InlineData("backends: { a: { kind: openai, url: http://x/v1 } }\nmodels: { m: { targets: [ { backend: a, model: \"x\\r\\ny\" } ] } }")]
    [InlineData("keys: [ { name: \"a\\nb\", hash: \"sha256:0000000000000000000000000000000000000000000000000000000000000000\" } ]")]
    public void Line_end_in_a_name_is_a_problem_of_the_configuration(string yaml) =>
        Assert.NotEmpty(RouterConfigurationLoader.LoadYaml(yaml).Problems);

    [Theory]
    [InlineData("sk-one\nsk-two")]
    [InlineData("sk-one\r\nX-Injected: yes")]
    [InlineData("sk-\u00e9")]
    public void Secret_that_is_no_header_is_a_problem_of_the_configuration(string secret)
    {
        var load = RouterConfigurationLoader.Load(new RouterConfigurationSource
        {
            Yaml = "backends: { a: { kind: openai, url: http://x/v1, apiKey: env:AIROUTER_SECRET_A } }\nmodels: { m: { targets: [ { backend: a } ] } }",
            Environment = new Dictionary<string, string> { ["AIROUTER_SECRET_A"] = secret },
        });

        Assert.NotEmpty(load.Problems);
        Assert.All(load.Problems, p => Assert.DoesNotContain("sk-", p.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("formats/../../../../../etc/passwd")]
    [InlineData("..\\..\\etc\\passwd")]
    [InlineData("%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("llama3/../../../../../../etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("a\0.jinja")]
    [InlineData("http://127.0.0.1:1/x.jinja")]
    public void Prompt_formats_and_tokenizers_are_read_from_their_folders_only(string name)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-formats-");
        try
        {
            foreach (var (key, suffix) in new[] { ("promptFormat", ""), ("promptFormat", ".jinja"), ("tokenizer", ".json"), ("tokenizer", ".model") })
            {
                var load = RouterConfigurationLoader.Load(new RouterConfigurationSource
                {
                    Yaml = "backends: { a: { kind: triton, url: http://x:1 } }\nmodels: { m: { " + key + ": " +
                        JsonSerializer.Serialize(name + suffix) + ", targets: [ { backend: a } ] } }",
                    Assets = AiRouter.Prompting.ModelAssets.Instance,
                    PromptFormatFolders = [folder.FullName],
                });

                Assert.NotEmpty(load.Problems);
                Assert.All(load.Problems, p => Assert.DoesNotContain("root:", p.ToString(), StringComparison.Ordinal));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Management_api_refuses_line_ends_in_names()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var name = JsonSerializer.Serialize(Crlf);

        var key = await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", $$"""{"name":{{name}}}""");
        var adminKey = await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", $$"""{"name":{{name}},"role":"viewer"}""");

        Assert.Equal((true, true), (((int)key.StatusCode) is 400 or 422, ((int)adminKey.StatusCode) is 400 or 422));
    }

    [Fact]
    public async Task Triton_gets_ids_and_names_as_values_only()
    {
        await using var router = await TritonRouter.StartAsync(models: "  \"any-*\": { targets: [ { backend: gpu, model: ensemble } ] }");

        var response = await router.RawAsync(
            "chat/completions", TritonRouter.Chat("x", model: "any-\u00fc\u2028"), "x-request-id: a\"b;c=d\r\ntraceparent: 00-zz\u0009-x-01\r\n");

        Assert.Equal(200, response.Status);
        Assert.Equal("a\"b;c=d", response.Header("x-request-id"));
        var sent = Assert.Single(router.Sent);
        Assert.Equal("ensemble", sent.ModelName);
        Assert.All(sent.Metadata.Values, value => Assert.DoesNotContain(value, static c => char.IsControl(c)));
    }

    private static Task<RunningRouter> StartAsync(StrictUpstream upstream) => RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{upstream.Url}} } }
        models: { "*": { targets: [ { backend: upstream } ] } }
        """);
}
