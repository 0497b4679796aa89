using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.AspNetCore.Hosting;

namespace AiRouter.Tests.Management.BackendChecks;

/// <summary>Trying backends out (<c>POST /api/v1/backend-checks</c>), saved or not.</summary>
public sealed class BackendCheckTests(StoreServers servers)
{
    private const string Models = """{"object":"list","data":[{"id":"m-2","owned_by":"me","max_model_len":4096},{"id":"m-1"}]}""";

    private static readonly string _encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAi_backend_that_is_well_tells_its_models()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Models);
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(admin, $$"""{"kind":"openai","url":"{{upstream.Url}}","apiKey":"sk-given"}""");

        Assert.Equal("passed", (string?)report["verdict"]);
        Assert.Equal(["address passed", "connection passed", "answer passed", "models passed"], Steps(report));
        Assert.Equal(["m-1", "m-2"], report["models"]!["items"]!.AsArray().Select(static m => (string?)m!["id"]));
        Assert.Equal(4096, (int?)report["models"]!["items"]![1]!["contextLength"]);
        Assert.Equal(("GET", "/v1/models"), (upstream.Request.Method, upstream.Request.Target));
        Assert.Equal("Bearer sk-given", upstream.Request.Header("Authorization"));
        Assert.DoesNotContain("sk-given", admin.Log + string.Concat(admin.Answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anthropic_backend_is_asked_with_its_own_headers()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"data":[{"type":"model","id":"claude-1"}],"has_more":false}""");
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(admin, $$"""{"kind":"anthropic","url":"{{upstream.Url}}","apiKey":"sk-given"}""");

        Assert.Equal("passed", (string?)report["verdict"]);
        Assert.Equal("claude-1", (string?)report["models"]!["items"]![0]!["id"]);
        Assert.Equal("sk-given", upstream.Request.Header("x-api-key"));
        Assert.Equal("2023-06-01", upstream.Request.Header("anthropic-version"));
        Assert.Null(upstream.Request.Header("Authorization"));
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "a link-local address")]
    [InlineData("http://2852039166/", "a link-local address")]
    [InlineData("http://0xa9.0xfe.0xa9.0xfe/", "a link-local address")]
    [InlineData("http://[::ffff:169.254.169.254]/", "a link-local address")]
    [InlineData("http://[fd00:ec2::254]/", "metadata service")]
    [InlineData("http://0.0.0.0:9/", "no address of a server")]
    public async Task R6_Metadata_addresses_are_refused(string url, string why)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        foreach (var kind in (string[])["openai", "triton"])
        {
            var report = await CheckAsync(admin, $$"""{"kind":"{{kind}}","url":"{{url}}"}""");

            Assert.Equal(["address failed"], Steps(report));
            Assert.Contains(why, Text(report, 0), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R6_Redirects_are_not_followed()
    {
        await using var inner = await ScriptedUpstream.StartAsync(Models);
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync("{}", 307, ("Location", $"{inner.Url}/models?secret=1")));
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(admin, $$"""{"kind":"openai","url":"{{upstream.Url}}"}""");

        Assert.Equal("failed", (string?)report["verdict"]);
        Assert.Contains($"to {inner.Url}/models.", Text(report, ^1), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", report.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(inner.Requests);
    }

    [Fact]
    public async Task R6_Path_of_its_own_that_leads_to_a_metadata_address_is_refused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Models);
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(
            admin, $$"""{"kind":"openai","url":"{{upstream.Url}}","paths":{"/v1/models":"http://169.254.169.254/x"} }""");

        Assert.Equal("answer failed", Steps(report)[^1]);
        Assert.Contains("169.254.169.254", Text(report, ^1), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task R6_Only_admins_may()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Models);
        await using var admin = await RunningAdmin.StartAsync(servers);
        var body = $$"""{"name":"b","config":{"kind":"openai","url":"{{upstream.Url}}"} }""";
        foreach (var role in (string[])["viewer", "editor"])
        {
            var http = await admin.WithRoleAsync(role);

            await http.SendJsonAsync(HttpMethod.Post, "backend-checks", body).IsProblemAsync(403, "forbidden");
            await http.SendJsonAsync(HttpMethod.Get, "repository?backend=b").IsProblemAsync(403, "forbidden");
            await http.SendJsonAsync(HttpMethod.Post, "repository/load", """{"backend":"b","model":"m"}""").IsProblemAsync(403, "forbidden");
        }

        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task R6_Stored_credential_goes_to_its_own_host_only()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Models);
        await using var other = await ScriptedUpstream.StartAsync(Models);
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ENCRYPTION_KEY", _encryptionKey));
        await admin.PutConfigurationAsync();
        await admin.Http.SendJsonAsync(
            HttpMethod.Put, "backends/b", $$"""{"url":"{{upstream.Url}}","apiKey":"sk-stored","headers":{"x-team":"blue"} }""");

        var own = await admin.Http.SendJsonAsync(HttpMethod.Post, "backend-checks", """{"name":"b"}""");
        var edited = await CheckAsync(
            admin, $$"""{"kind":"openai","url":"{{upstream.Url}}","apiKey":"set","headers":{"x-team":"set"},"streamUsage":false}""");
        var problem = await admin.Http.SendJsonAsync(
            HttpMethod.Post, "backend-checks", $$"""{"name":"b","config":{"url":"{{other.Url}}","apiKey":"set"} }""").IsProblemAsync(400, "invalid");

        Assert.Equal("passed", (string?)(await own.JsonAsync())["verdict"]);
        Assert.Equal("passed", (string?)edited["verdict"]);
        Assert.All(upstream.Requests, static r => Assert.Equal(("Bearer sk-stored", "blue"), (r.Header("Authorization"), r.Header("x-team"))));
        Assert.Equal(["backends.b.apiKey"], problem.Paths());
        Assert.Contains("another host", (string)problem["errors"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Credential_of_the_routers_is_not_read_and_that_is_said()
    {
        Environment.SetEnvironmentVariable("AIROUTER_SECRET_CHECKED_HERE", "sk-of-the-environment");
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 401));
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_SECRET_CHECKED_HERE", "sk-of-the-environment"));

        var report = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}","apiKey":"env:AIROUTER_SECRET_CHECKED_HERE"}""");

        Assert.Equal("warned", (string?)report["verdict"]);
        Assert.Equal("backends.b.apiKey", (string?)report["notSent"]![0]!["path"]);
        Assert.Contains("Admin cannot read it", (string?)report["notSent"]![0]!["message"], StringComparison.Ordinal);
        Assert.Null(upstream.Request.Header("Authorization"));
    }

    [Theory]
    [InlineData(401, "sk-wrong", "failed", "refuses the credential (401)")]
    [InlineData(403, null, "failed", "wants a credential (403)")]
    [InlineData(404, null, "warned", "nothing at /v1/models (404)")]
    [InlineData(429, null, "warned", "too much to do")]
    [InlineData(500, null, "failed", "fails (500)")]
    public async Task Status_is_explained(int status, string? apiKey, string verdict, string text)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("""{"error":"prompt text"}""", status));
        await using var admin = await RunningAdmin.StartAsync(servers);
        var credential = apiKey is null ? "" : $",\"apiKey\":\"{apiKey}\"";

        var report = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}"{{credential}}}""");

        Assert.Equal(verdict, (string?)report["verdict"]);
        Assert.Contains(text, Text(report, ^1), StringComparison.Ordinal);
        Assert.DoesNotContain("prompt text", report.ToJsonString() + admin.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_without_its_v1_is_told_with_the_one_that_is_right()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.Request.Target == "/v1/models" ? call.JsonAsync(Models) : call.JsonAsync("{}", 404));
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(admin, $$"""{"url":"{{upstream.Url.GetLeftPart(UriPartial.Authority)}}"}""");

        Assert.Equal("failed", (string?)report["verdict"]);
        Assert.Equal(upstream.Url.ToString(), (string?)report["suggestedUrl"]);
        Assert.Contains($"Set the URL to {upstream.Url}", (string?)report["steps"]!.AsArray()[^1]!["mend"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":"no list"}""")]
    [InlineData("""{"data":[{"name":"no id"}]}""")]
    [InlineData("<html>")]
    public async Task Answer_that_is_no_list_of_models_is_told(string answer)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(answer);
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}"}""");

        Assert.Equal("warned", (string?)report["verdict"]);
        Assert.Null(report["models"]);
    }

    [Fact]
    public async Task Port_where_nobody_listens_and_name_that_is_none_are_told()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var closed = await CheckAsync(admin, """{"kind":"triton","url":"http://127.0.0.1:9"}""");
        var unknown = await CheckAsync(admin, """{"kind":"triton","url":"http://no-such-host.invalid:8001"}""");

        Assert.Equal(["address passed", "connection failed"], Steps(closed));
        Assert.Contains("usually on port 8001", (string?)closed["steps"]![1]!["mend"], StringComparison.Ordinal);
        Assert.Equal(["address failed"], Steps(unknown));
    }

    [Fact]
    public async Task Certificate_that_nobody_signed_is_told_and_its_authority_mends_it()
    {
        using var certificate = new LocalhostCertificate(DateTimeOffset.UtcNow.AddDays(90));
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync(Models), listen => listen.UseHttps(certificate.Certificate));
        await using var admin = await RunningAdmin.StartAsync(servers);
        var address = $"https://127.0.0.1:{upstream.Url.Port}/v1";

        var alone = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}","apiKey":"sk-given"}""");
        var trusted = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}","tls":{"caFile":"{{certificate.File}}"} }""");
        var misnamed = await CheckAsync(admin, $$"""{"url":"{{address}}","tls":{"caFile":"{{certificate.File}}"} }""");
        var elsewhere = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}","tls":{"caFile":"/not/on/this/machine.pem"} }""");

        Assert.Equal(["address passed", "connection passed", "tls failed"], Steps(alone));
        Assert.Contains("tls.caFile", (string?)alone["steps"]![2]!["mend"], StringComparison.Ordinal);
        Assert.Equal("CN=localhost", (string?)alone["certificate"]!["subject"]);
        Assert.Equal("passed", (string?)trusted["verdict"]);
        Assert.StartsWith("TLS 1.", (string?)trusted["certificate"]!["protocol"], StringComparison.Ordinal);
        Assert.Contains("not for 127.0.0.1, but for localhost", Text(misnamed, ^1), StringComparison.Ordinal);
        Assert.Equal("tls warned", Steps(elsewhere)[^1]);
        Assert.All(upstream.Requests, static r => Assert.Null(r.Header("Authorization")));
    }

    [Fact]
    public async Task Certificate_that_has_ended_or_ends_soon_is_told()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        foreach (var (days, expected) in ((int, string)[])[(-1, "tls failed"), (5, "tls warned")])
        {
            using var certificate = new LocalhostCertificate(DateTimeOffset.UtcNow.AddDays(days));
            await using var upstream = await ScriptedUpstream.StartAsync(
                call => call.JsonAsync(Models), listen => listen.UseHttps(certificate.Certificate));

            var report = await CheckAsync(admin, $$"""{"url":"{{upstream.Url}}","tls":{"caFile":"{{certificate.File}}"} }""");

            Assert.Contains(expected, Steps(report));
        }
    }

    [Fact]
    public async Task Server_without_TLS_is_told_from_one_with_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Models);
        using var certificate = new LocalhostCertificate();
        await using var secure = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync(Models), listen => listen.UseHttps(certificate.Certificate));
        await using var admin = await RunningAdmin.StartAsync(servers);

        var noTls = await CheckAsync(admin, $$"""{"url":"https://127.0.0.1:{{upstream.Url.Port}}/v1"}""");
        var tls = await CheckAsync(admin, $$"""{"url":"http://127.0.0.1:{{secure.Url.Port}}/v1"}""");

        Assert.Equal("tls failed", Steps(noTls)[^1]);
        Assert.Contains("http://", (string?)noTls["steps"]!.AsArray()[^1]!["mend"], StringComparison.Ordinal);
        Assert.Equal("answer failed", Steps(tls)[^1]);
        Assert.Contains("https://", (string?)tls["steps"]!.AsArray()[^1]!["mend"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Triton_tells_its_repository_with_the_adapter_of_each_model_and_why()
    {
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { UnloadedModels = { "bge" }, BrokenModels = { "generic" } }, cancellationToken: Token);
        await using var admin = await RunningAdmin.StartAsync(servers);

        var report = await CheckAsync(admin, $$"""{"kind":"triton","url":"{{triton.Address}}"}""");

        Assert.Equal("passed", (string?)report["verdict"]);
        Assert.Equal(["address passed", "connection passed", "answer passed", "models passed"], Steps(report));
        Assert.True((double?)report["latencyMilliseconds"] > 0);
        var models = report["repository"]!["models"]!.AsArray().ToDictionary(static m => (string)m!["name"]!, static m => m!);
        Assert.Equal("notLoaded", (string?)models["bge"]["state"]);
        Assert.Equal("unavailable", (string?)models["generic"]["state"]);
        Assert.Contains("out of memory", (string?)models["generic"]["versions"]![0]!["reason"], StringComparison.Ordinal);
        Assert.Equal(("ready", "tensorrt-llm"), ((string?)models["ensemble"]["state"], (string?)models["ensemble"]["contract"]!["adapter"]));
        Assert.Contains("text_input and max_tokens", (string?)models["ensemble"]["contract"]!["adapterReason"], StringComparison.Ordinal);
        Assert.Contains("preprocessing and tensorrt_llm", (string?)models["ensemble"]["contract"]!["adapterReason"], StringComparison.Ordinal);
        Assert.Equal("vllm", (string?)models["vllm_model"]["contract"]!["adapter"]);
        Assert.False((bool)models["preprocessing"]["contract"]!["isServable"]!);
        var input = models["ensemble"]["contract"]!["inputs"]![0]!;
        Assert.Equal(("text_input", "BYTES", "[1]", false), (
            (string?)input["name"], (string?)input["type"], (string?)input["shape"], (bool)input["isOptional"]!));
    }

    [Fact]
    public async Task Kinds_that_are_mixed_up_are_told()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Token);
        await using var upstream = await ScriptedUpstream.StartAsync(Models);
        await using var admin = await RunningAdmin.StartAsync(servers);

        var asOpenAi = await CheckAsync(admin, $$"""{"kind":"openai","url":"{{triton.Address}}"}""");
        var asTriton = await CheckAsync(admin, $$"""{"kind":"triton","url":"{{upstream.Url}}"}""");

        Assert.NotEqual("passed", (string?)asOpenAi["verdict"]);
        Assert.Contains("kind triton", (string?)asOpenAi["steps"]!.AsArray()[^1]!["mend"], StringComparison.Ordinal);
        Assert.Equal("answer failed", Steps(asTriton)[^1]);
        Assert.Contains("kind openai", (string?)asTriton["steps"]!.AsArray()[^1]!["mend"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Triton_that_wants_a_header_is_told_and_gets_it()
    {
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { RestrictedHeader = "triton-grpc-protocol-key", RestrictedValue = "open" }, cancellationToken: Token);
        await using var admin = await RunningAdmin.StartAsync(servers);

        var without = await CheckAsync(admin, $$"""{"kind":"triton","url":"{{triton.Address}}"}""");
        var with = await CheckAsync(
            admin, $$"""{"kind":"triton","url":"{{triton.Address}}","headers":{"triton-grpc-protocol-key":"open"} }""");

        Assert.Equal("answer failed", Steps(without)[^1]);
        Assert.Equal("passed", (string?)with["verdict"]);
    }

    [Fact]
    public async Task What_is_wrong_with_the_backend_is_told_before_anything_is_sent()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var problem = await admin.Http.SendJsonAsync(
            HttpMethod.Post, "backend-checks", """{"name":"b","config":{"kind":"triton","url":"ftp://x","apiKey":"forward"} }""")
            .IsProblemAsync(400, "invalid");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "backend-checks", """{"name":"nobody"}""").IsProblemAsync(404, "not-found");

        Assert.Equal(["backends.b.apiKey", "backends.b.url"], problem.Paths().Order());
    }

    private static async Task<JsonNode> CheckAsync(RunningAdmin admin, string config)
    {
        var answer = await admin.Http.SendJsonAsync(HttpMethod.Post, "backend-checks", $$"""{"name":"b","config":{{config}} }""");
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
        return await answer.JsonAsync();
    }

    private static string[] Steps(JsonNode report) =>
        [.. report["steps"]!.AsArray().Select(static s => $"{s!["kind"]} {s["verdict"]}")];

    private static string Text(JsonNode report, Index at)
    {
        var steps = report["steps"]!.AsArray();
        return (string)steps[at.GetOffset(steps.Count)]!["text"]!;
    }
}
