using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Security;

/// <summary>
/// R39: a whole installation works, fails and is asked by strangers, at Debug, with a collector and a store. Then everything that it
/// has written anywhere is searched for every secret, prompt and completion that went through it.
/// </summary>
public sealed partial class LeakTests(StoreServers servers) : IDisposable
{
    private const string FileKey = "sk-air-MARKfilekey-0123456789abcdef";
    private const string WrongKey = "sk-air-MARKwrongkey-0123456789abcdef";
    private const string TheirKey = "sk-MARKtheirkey-0123456789abcdef";
    private const string QueryKey = "MARKquerykey0123456789";
    private const string BackendKey = "sk-MARKbackend-0123456789abcdef";
    private const string StoredKey = "sk-MARKstored-0123456789abcdef";
    private const string HeaderSecret = "MARKheadersecret0123456789";
    private const string UpstreamText = "MARKupstreamerror0123456789";
    private const string Prompt = "MARKprompt0123456789";
    private const string Completion = "MARKcompletion0123456789";
    private const string ToolName = "MARKtoolargument0123456789";
    private const string Upload = "MARKupload0123456789";
    private const string UserField = "MARKuser0123456789";

    // The one prompt that is kept on purpose, in the store and nowhere else.
    private const string LoggedPrompt = "KEPTprompt0123456789";
    private const string Forged = "FORGEDline";

    private static readonly string _encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-leaks-");
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R39_nothing_that_a_whole_run_writes_has_a_secret_or_a_prompt()
    {
        await using var collector = await ScriptedUpstream.StartAsync(call => call.BytesAsync("application/x-protobuf", []));
        await using var upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var (process, http) = await ApiProcess.StartAsync(Environment(connection, collector.Url, upstream.Url, triton.Address));
        string metrics, adminLog, adminKeySecret;
        await using (process)
        using (http)
        {
            await using var admin = await RunningAdmin.StartAsync(connection, _prefix, ("AIROUTER_ENCRYPTION_KEY", _encryptionKey));
            adminKeySecret = await AdministerAsync(admin, http, upstream.Url);
            await AskAsync(http);
            await ForgeAsync(http);
            metrics = await http.GetStringAsync("/metrics", Cancelled);
            adminLog = admin.Log;

            // What is written behind requests has to be there before it is searched.
            await Eventually.HoldsAsync(async () =>
                (await StoreContent.ReadAsync(connection, _prefix)).Contains(LoggedPrompt, StringComparison.Ordinal));
            await process.StopAsync(Cancelled);
        }

        var exported = string.Concat(collector.Requests.Select(static r => Encoding.Latin1.GetString(r.Body)));
        var store = await StoreContent.ReadAsync(connection, _prefix);
        var disk = string.Concat(_folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(static f => Encoding.Latin1.GetString(File.ReadAllBytes(f.FullName))));

        // They were written at all, and are what they are taken for.
        Assert.Superset(new HashSet<string> { "/v1/traces", "/v1/metrics", "/v1/logs" }, collector.Requests.Select(static r => r.Target).ToHashSet());
        Assert.All([process.Output, exported, metrics], text => Assert.Contains("public-model", text, StringComparison.Ordinal));
        Assert.Contains("dbug: ", process.Output, StringComparison.Ordinal);
        Assert.Contains("key=file-key", process.Output, StringComparison.Ordinal);
        Assert.NotEmpty(disk);

        foreach (var (where, text) in new[]
        {
            ("the router's log", process.Output), ("what was exported", exported), ("the metrics", metrics), ("the store", store),
            ("the disk", disk), ("Admin's log", adminLog),
        })
        {
            foreach (var secret in new[]
            {
                FileKey, WrongKey, TheirKey, QueryKey, BackendKey, StoredKey, HeaderSecret, UpstreamText, Prompt, Completion, ToolName, Upload,
                UserField, _encryptionKey, RunningAdmin.Key, adminKeySecret,
            })
            {
                AssertHasNot(where, text, secret);
            }

            if (where != "the store")
            {
                AssertHasNot(where, text, LoggedPrompt);
            }
        }

        AssertLines(process.Output);
        AssertLines(adminLog, isOurs: false);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>As it is, and as protocols write it.</summary>
    private static void AssertHasNot(string where, string text, string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        foreach (var form in new[]
        {
            secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret)[1..^1], Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            Convert.ToBase64String(bytes)[..^4], secret[..^6],
        })
        {
            var at = text.IndexOf(form, StringComparison.Ordinal);
            Assert.True(at < 0, $"{where} has {secret}: …{(at < 0 ? "" : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)])}…");
        }
    }

    /// <summary>Each line is a record of ours: nobody has begun one.</summary>
    private static void AssertLines(string log, bool isOurs = true)
    {
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.False(line.StartsWith(Forged, StringComparison.Ordinal), line);
            if (isOurs)
            {
                Assert.Matches(Record(), line.TrimEnd('\r'));
                Assert.DoesNotContain(line.TrimEnd('\r'), static c => char.IsControl(c));
            }
        }
    }

    private static async Task AskAsync(HttpClient http)
    {
        foreach (var model in new[] { "public-model", "gpu-model", "dead-model", "no-such-model" })
        {
            foreach (var stream in new[] { "false", "true" })
            {
                foreach (var what in new[] { "", " fail-500", " fail-401", " fail-429", " break", " garbage", " [[error:" + UpstreamText + "]]", " [[status:INTERNAL]]", " [[reset-after:1]]" })
                {
                    await ChatAsync(http, FileKey, model, Prompt + what, $"\"stream\":{stream},\"user\":\"{UserField}\",");
                }
            }
        }

        var tools = (
            """
            "tools":[{"type":"function","function":{"name":"NAME","description":"NAME","parameters":{"type":"object","properties":{"NAME":{"type":"string"}}}}}]
            """ + ",").Replace("NAME", ToolName, StringComparison.Ordinal);
        await ChatAsync(http, FileKey, "public-model", Prompt, tools);
        await ChatAsync(http, FileKey, "gpu-model", Prompt, tools);
        await ChatAsync(http, FileKey, "gpu-model", Prompt, "\"unknown_parameter\":\"" + Prompt + "\",");
        await SendAsync(http, FileKey, "/v1/embeddings", $$"""{"model":"embed-model","input":["{{Prompt}}"]}""");
        await SendAsync(http, FileKey, "/v1/completions", $$"""{"model":"gpu-model","prompt":"{{Prompt}}"}""");
        await SendAsync(http, FileKey, "/v1/responses", $$"""{"model":"public-model","input":"{{Prompt}}"}""");
        await SendAsync(http, FileKey, "/v1/chat/completions", $$"""{"model":"public-model","messages":[{"role":"user","content":"{{Prompt}}""");
        await SendAsync(http, FileKey, "/v1/chat/completions", $$"""{"model":"public-model","messages":"{{Prompt}}","messages":[]}""");
        await SendAsync(http, FileKey, $"/v1/chat/completions?api-key={QueryKey}&hint={Prompt}", """{"model":"public-model","messages":[{}]}""");
        await SendAsync(http, FileKey, $"/v1/files?purpose={Prompt}", "{}");
        await SendAsync(http, WrongKey, $"/v1/chat/completions?key={QueryKey}", $$"""{"model":"public-model","messages":[{"content":"{{Prompt}}"}]}""");
        await SendAsync(http, TheirKey, "/v1/models", null);
        await SendAsync(http, "", "/v1/embeddings", $$"""{"model":"embed-model","input":"{{Prompt}}"}""", ("x-api-key", WrongKey), ("api-key", TheirKey));

        using var form = new MultipartFormDataContent
        {
            { new StringContent("public-model"), "model" },
            { new StringContent(Prompt), "prompt" },
            { new ByteArrayContent([.. Enumerable.Repeat(Encoding.UTF8.GetBytes(Upload), 100_000).SelectMany(static b => b)]), "file", Upload + ".wav" },
        };
        using var upload = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        upload.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FileKey);
        using var _ = await http.SendAsync(upload, Cancelled);
    }

    /// <summary>Line ends and terminal codes wherever a client can put them.</summary>
    private static async Task ForgeAsync(HttpClient http)
    {
        var root = http.BaseAddress!;
        foreach (var target in new[] { $"/v1/%0a{Forged}", $"/v1/%0d%0a{Forged}%1b[31m", $"/openai/deployments/x%0a{Forged}/chat/completions", $"/v1/files/x%0a{Forged}", $"/v1/models/x%0a{Forged}%e2%80%a8" })
        {
            await RawHttp.PostAsync(root, target, """{"messages":[{}]}""", $"Authorization: Bearer {FileKey}\r\nUser-Agent: a\u0085{Forged}\r\nx-request-id: a\u0085{Forged}\r\n");
        }

        await SendAsync(http, FileKey, "/v1/chat/completions", $$"""{"model":"public-model\n{{Forged}}","messages":[{}]}""");
        await SendAsync(http, FileKey, "/v1/chat/completions", $$"""{"model":"any-\u2028{{Forged}}\u001b[31m","messages":[{}]}""");
        await SendAsync(http, FileKey, "/v1/chat/completions", $$"""{"model":"any-\u2028{{Forged}}\u202e","messages":[{}]}""");
        using var connection = await RawConnection.OpenAsync(root);
        await connection.SendAsync($"GET /v1/models HTTP/1.1\r\nHost: x\r\nX-A: a\r{Forged}\r\n\r\n");
        await connection.ReadUntilClosedAsync();
    }

    /// <summary>Returns the secret of the client key that was made, whose bodies are kept.</summary>
    private static async Task<string> AdministerAsync(RunningAdmin admin, HttpClient http, Uri upstream)
    {
        await admin.Http.SendJsonAsync(
            HttpMethod.Put, "backends/stored",
            $$"""{"url":"{{upstream}}","apiKey":"{{StoredKey}}","headers":{"X-Secret":"{{HeaderSecret}}"} }""");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "backends/stored", $$"""{"url":"{{StoredKey}}","apiKey":["{{StoredKey}}"]}""", "*");
        await admin.Http.SendJsonAsync(HttpMethod.Put, "models/stored-model", """{"targets":[{"backend":"stored"}]}""");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", $$"""{"name":"x\n{{Forged}}"}""");
        using var wrong = admin.As(WrongKey);
        await wrong.GetAsync($"config?key={QueryKey}", Cancelled);
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", """{"name":"logged-key","logBodies":true}""")).JsonAsync();
        var secret = (string)made["key"]!;

        await Eventually.HoldsAsync(async () =>
            (int)await ChatAsync(http, secret, "stored-model", LoggedPrompt, "") == 200);
        return secret;
    }

    private static async Task<System.Net.HttpStatusCode> ChatAsync(HttpClient http, string key, string model, string prompt, string members) =>
        await SendAsync(http, key, "/v1/chat/completions", $$"""{"model":"{{model}}",{{members}}"messages":[{"role":"user","content":{{JsonSerializer.Serialize(prompt)}}}]}""");

    private static async Task<System.Net.HttpStatusCode> SendAsync(
        HttpClient http, string key, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, path)
        {
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (key.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await http.SendAsync(request, Cancelled);
            await response.Content.ReadAsStringAsync(Cancelled);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // A stream that broke off, as it was asked to.
            return 0;
        }
    }

    private static async Task AnswerAsync(UpstreamCall call)
    {
        var text = call.Request.Text;
        foreach (var status in new[] { 500, 401, 429 })
        {
            if (text.Contains($"fail-{status}", StringComparison.Ordinal))
            {
                await call.JsonAsync(
                    """{"error":{"message":"TEXT PROMPT","type":"TEXT","code":"TEXT"}}""".Replace("TEXT", UpstreamText, StringComparison.Ordinal)
                        .Replace("PROMPT", Prompt, StringComparison.Ordinal),
                    status, ("Retry-After", "0"));
                return;
            }
        }

        var chunk = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"TEXT"}}]}"""
            .Replace("TEXT", Completion, StringComparison.Ordinal) + "\n\n";
        if (text.Contains("garbage", StringComparison.Ordinal))
        {
            await call.EventsAsync(chunk, $"data: {UpstreamText}\n\n");
        }
        else if (text.Contains(" break", StringComparison.Ordinal))
        {
            await call.EventsAsync(chunk);
            await UpstreamCall.BreakOffAsync();
        }
        else if (text.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await call.EventsAsync(chunk, chunk.Replace("\"delta\"", "\"finish_reason\":\"stop\",\"delta\"", StringComparison.Ordinal), "data: [DONE]\n\n");
        }
        else
        {
            await call.JsonAsync(
                """{"id":"x","object":"chat.completion","created":1,"model":"m","text":"TEXT","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"TEXT"}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"""
                    .Replace("TEXT", text.Contains(LoggedPrompt, StringComparison.Ordinal) ? "KEPTcompletion" : Completion, StringComparison.Ordinal));
        }
    }

    private Dictionary<string, string> Environment(string connection, Uri collector, Uri upstream, Uri triton) => new()
    {
        ["ConnectionStrings__redis"] = connection,
        ["AIROUTER_STORE_PREFIX"] = _prefix,
        ["AIROUTER_DATA"] = _folder.FullName,
        ["AIROUTER_ENCRYPTION_KEY"] = _encryptionKey,
        ["AIROUTER_SECRET_UP"] = BackendKey,
        ["AIROUTER_SECRET_HEADER"] = HeaderSecret,
        ["Logging__LogLevel__Default"] = "Debug",
        ["Logging__LogLevel__Microsoft.AspNetCore"] = "Debug",
        ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Information",
        ["OTLP_ENDPOINT"] = collector.GetLeftPart(UriPartial.Authority),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["AIROUTER_CONFIG_YAML"] = $$"""
            backends:
              up: { kind: openai, url: "{{upstream}}", apiKey: env:AIROUTER_SECRET_UP, headers: { X-Secret: env:AIROUTER_SECRET_HEADER } }
              gpu: { kind: triton, url: "{{triton}}" }
              dead: { kind: openai, url: "http://127.0.0.1:9/v1", apiKey: env:AIROUTER_SECRET_UP }
            models:
              public-model: { targets: [ { backend: up } ] }
              any-*: { targets: [ { backend: up } ] }
              gpu-model: { targets: [ { backend: gpu, model: ensemble } ] }
              embed-model: { targets: [ { backend: gpu, model: bge } ] }
              dead-model: { targets: [ { backend: dead } ] }
            defaults: { backend: up }
            keys: [ { name: file-key, hash: "{{TestConfigs.HashOf(FileKey)}}", operations: [chat, completions, embeddings, responses, transcriptions, files] } ]
            metering: { requestLog: { enabled: true } }
            server: { authentication: required }
            """,
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trce|dbug|info|warn|fail|crit): [^ \[]+\[\d+\] .")]
    private static partial Regex Record();
}
