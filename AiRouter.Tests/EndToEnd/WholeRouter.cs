using System.Net.Http.Headers;
using System.Text;
using AiRouter.Core.Keys;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Prompting.Tokens;
using AiRouter.Tests.Telemetry.Otlp;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.EndToEnd;

/// <summary>A router as a process of its own with everything that it can have: a store, both kinds of backends, templates in both languages,
/// a tokenizer, limits, a collector.</summary>
public sealed class WholeRouter : IAsyncLifetime
{
    private const string Key = "sk-air-test-key-of-the-whole-router";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-whole-");
    private RedisServer? _redis;
    private ApiProcess? _process;

    internal SimulatedTriton Triton { get; private set; } = null!;

    internal ScriptedUpstream Upstream { get; private set; } = null!;

    internal OtlpCollector Collector { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    /// <summary>What it has written.</summary>
    internal string Output => _process!.Output;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        Triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { EmbeddingDimensions = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        Upstream = await ScriptedUpstream.StartAsync("{}");
        Collector = await OtlpCollector.StartAsync();
        var formats = _folder.CreateSubdirectory("formats").FullName;
        await WriteAsync("marked.scriban", """
            {{- for m in messages }}{{ if m.content == "refuse" }}{{ raise_exception "NOT ALLOWED" }}{{ end }}<{{ m.role | string.upcase }}>{{ m.content | string.strip | string.truncate 40 }}{{ end }}{{ messages | array.size }}:{{ 3.14159 | math.round 2 }}:{{ tools.size ?? 0 }}
            """);
        await WriteAsync("own.jinja", "{% for m in messages %}[{{ m.role|upper }}]{{ m.content }}{% endfor %}{{ tools|tojson if tools }}");
        foreach (var file in Directory.EnumerateFiles(TokenizerFiles.Folder, "*.json"))
        {
            File.Copy(file, Path.Combine(formats, Path.GetFileName(file)));
        }

        var environment = new Dictionary<string, string>(Collector.Environment())
        {
            ["AIROUTER_CONFIG_YAML"] = Yaml,
            ["AIROUTER_DATA"] = _folder.CreateSubdirectory("data").FullName,
            ["AIROUTER_PROMPT_FORMATS"] = formats,
            ["ConnectionStrings__redis"] = _redis.ConnectionString,
            ["AIROUTER__LIMITS__IMAGETOKENS"] = "1234",
        };
        (_process, Http) = await ApiProcess.StartAsync(environment);
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await Eventually.HoldsAsync(async () => (await SendAsync("GET", "models", null)).Status == 200);
    }

    /// <summary>Asks; gives status and body.</summary>
    internal async Task<(int Status, string Body)> SendAsync(string method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/" + path) { Content = content };
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Posts JSON.</summary>
    internal async Task<(int Status, string Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync("POST", path, content);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        foreach (var part in new IAsyncDisposable?[] { _process, Collector, Upstream, Triton, _redis })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Delete(recursive: true);
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(_folder.FullName, "formats", name), text.Trim(), TestContext.Current.CancellationToken);

    private string Yaml => $$"""
        server: { authentication: required }
        metering: { requestLog: { enabled: true } }
        backends:
          gpu: { kind: triton, url: "{{Triton.Address}}" }
          web: { url: "{{Upstream.Url}}", headers: { X-Team: a } }
        models:
          jinja: { promptFormat: own.jinja, tokenizer: gpt2-like.json, contextLength: 400, targets: [{ backend: gpu, model: ensemble }], toolCalls: hermes }
          scriban: { promptFormat: marked.scriban, targets: [{ backend: gpu, model: ensemble }], tokenizer: o200k_base }
          shipped: { promptFormat: llama3, targets: [{ backend: gpu, model: ensemble }] }
          embed: { operations: [embeddings], targets: [{ backend: gpu, model: bge }] }
          chat:
            targets: [{ backend: web, model: backend-model }]
            maxTokens: { default: 77 }
            parameters: { rename: { user: safety_identifier }, drop: [seed], defaults: { top_k: 3 }, force: { metadata: { tags: [a, "ü"] } } }
            price: { input: 1, output: 2 }
          streamed: { targets: [{ backend: web, stream: always }] }
          whole: { targets: [{ backend: web, stream: never }] }
          audio: { operations: [transcriptions], targets: [{ backend: web }] }
        defaults: { backend: web }
        limits: { requestsPerMinute: 100000 }
        keys:
          - name: all
            hash: "{{ClientKeySecret.HashOf(Key)}}"
            operations: [chat, completions, embeddings, responses, transcriptions, files, batches]
            limits: { tokensPerMinute: 1000000, concurrent: 50 }
            modelLimits: { "cha*": { requestsPerMinute: 1000, budget: { usd: 500, per: week } } }
        """;
}
