using System.Collections.Concurrent;
using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.Telemetry;

/// <summary>
/// The Api as a process of its own that sends its telemetry to a collector, in front of a scripted backend and of the simulator's own
/// process. Each request has a trace of its own, by which its spans are found.
/// </summary>
public sealed class TracedRouter : IAsyncLifetime
{
    private const string Chunk =
        """data: {"id":"chatcmpl-up","object":"chat.completion.chunk","created":1,"model":"backend-model-2026","choices":[{"index":0,"delta":{"content":"COMPLETION"},"finish_reason":null}]}""";

    private const string LastChunk =
        """data: {"id":"chatcmpl-up","object":"chat.completion.chunk","created":1,"model":"backend-model-2026","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private const string Response =
        """{"id":"resp_up","object":"response","model":"backend-model-2026","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[],"usage":{"input_tokens":7,"output_tokens":3}}""";

    private const string Usage =
        """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":4}}""";

    private readonly ConcurrentDictionary<string, bool> _failed = new();
    private ApiProcess? _api;
    private ApiProcess? _simulator;
    private HttpClient? _http;

    internal OtlpCollector Collector { get; private set; } = null!;

    internal ScriptedUpstream Upstream { get; private set; } = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        Upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        await StartAsync(Collector.Environment());
    }

    /// <summary>One with settings of its own.</summary>
    internal static async Task<TracedRouter> StartAsync(bool overHttp, params (string Name, string Value)[] settings)
    {
        var router = new TracedRouter { Collector = await OtlpCollector.StartAsync() };
        router.Upstream = await ScriptedUpstream.StartAsync(router.AnswerAsync);
        var environment = new Dictionary<string, string>(router.Collector.Environment(overHttp));
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        await router.StartAsync(environment);
        return router;
    }

    /// <summary>Asks for a chat; returns the trace's id, the answer and what it had of headers.</summary>
    internal Task<(string Trace, int Status, string Body, string? Response)> ChatAsync(
        string model, string prompt, string members = "", string state = "", bool sampled = true) => PostAsync(
            "chat/completions",
            $$"""{"model":"{{model}}","messages":[{"role":"system","content":"RULES"},{"role":"user","content":"{{prompt}}"}]{{(members.Length > 0 ? "," : "")}}{{members}}}""",
            state, sampled);

    /// <summary>Asks for anything.</summary>
    internal async Task<(string Trace, int Status, string Body, string? Response)> PostAsync(
        string path, string json, string state = "", bool sampled = true)
    {
        var trace = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", $"00-{trace}-00000000000000aa-0{(sampled ? 1 : 0)}");
        if (state.Length > 0)
        {
            request.Headers.Add("tracestate", state);
        }

        using var response = await _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var body = "";
        try
        {
            body = await response.Content.ReadAsStringAsync(Cancelled);
        }
        catch (HttpRequestException)
        {
            // A stream that broke off: what counts is its span.
        }

        var returned = response.Headers.TryGetValues("traceresponse", out var values) ? values.Single() : null;
        return (trace, (int)response.StatusCode, body, returned);
    }

    /// <summary>The span of a request, once it has come: it is the last of its trace.</summary>
    internal Task<ReceivedSpan> RequestSpanAsync(string trace) =>
        Collector.SpanAsync(span => span.TraceId == trace && span is { Kind: "Server", Service: "ai_router" });

    /// <summary>The spans of its attempts, in their order.</summary>
    internal IReadOnlyList<ReceivedSpan> Attempts(string trace) =>
        [.. Collector.Spans.Where(span => span.TraceId == trace && span is { Kind: "Client", Service: "ai_router" }).OrderBy(static s => s.Start)];

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        foreach (var process in new[] { _api, _simulator })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        await Upstream.DisposeAsync();
        await Collector.DisposeAsync();
    }

    private async Task StartAsync(IReadOnlyDictionary<string, string> environment)
    {
        (_simulator, var simulator) = await ApiProcess.StartProjectAsync("AiRouter.TritonSimulator", environment);
        using (simulator)
        {
            (_api, _http) = await ApiProcess.StartAsync(new Dictionary<string, string>(environment)
            {
                ["AIROUTER_CONFIG_YAML"] =
                    $$"""
                    server: { authentication: none }
                    backends:
                      up: { kind: openai, url: "{{Upstream.Url}}" }
                      other: { kind: openai, url: "{{Upstream.Url}}" }
                      gpu: { kind: triton, url: "{{simulator.BaseAddress}}" }
                    models:
                      public-model: { targets: [ { backend: up, model: backend-model } ] }
                      "any-*": { targets: [ { backend: up } ] }
                      two-targets: { targets: [ { backend: up, model: backend-model }, { backend: other, model: backend-model } ] }
                      one-try: { retry: { attempts: 1 }, targets: [ { backend: up, model: backend-model } ] }
                      embed-model: { targets: [ { backend: gpu, model: bge } ] }
                      gpu-model: { targets: [ { backend: gpu, model: ensemble } ] }
                    """,
            });
        }
    }

    /// <summary>Does what the prompt says.</summary>
    private async Task AnswerAsync(UpstreamCall call)
    {
        var text = call.Request.Text;
        var isStream = text.Contains("\"stream\":true", StringComparison.Ordinal);
        if (text.Contains("FAIL", StringComparison.Ordinal)
            && (!text.Contains("FAIL-ONCE", StringComparison.Ordinal) || _failed.TryAdd(call.Request.Header("x-request-id")!, true)))
        {
            await call.JsonAsync("""{"error":{"message":"UPSTREAM-TEXT","type":"server_error"}}""", 500);
        }
        else if (call.Request.Target.EndsWith("/responses", StringComparison.Ordinal))
        {
            await (isStream
                ? call.EventsAsync(
                    "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_up\",\"model\":\"backend-model-2026\"}}\n\n",
                    $"event: response.incomplete\ndata: {{\"type\":\"response.incomplete\",\"response\":{Response}}}\n\n")
                : call.JsonAsync(Response));
        }
        else if (!isStream)
        {
            await call.JsonAsync(
                $$"""{"id":"chatcmpl-up","object":"chat.completion","created":1,"model":"backend-model-2026","choices":[{"index":0,"message":{"role":"assistant","content":"COMPLETION"},"finish_reason":"length"}],"usage":{{Usage}}}""");
        }
        else if (text.Contains("BREAK", StringComparison.Ordinal))
        {
            await call.EventsAsync(Chunk + "\n\n");
            await UpstreamCall.BreakOffAsync();
        }
        else
        {
            await call.EventsAsync(
                Chunk + "\n\n", LastChunk + "\n\n",
                $$"""data: {"id":"chatcmpl-up","object":"chat.completion.chunk","created":1,"model":"backend-model-2026","choices":[],"usage":{{Usage}}}""" + "\n\n",
                "data: [DONE]\n\n");
        }
    }
}
