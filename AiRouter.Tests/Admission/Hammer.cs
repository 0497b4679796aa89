using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Admission;

/// <summary>
/// Many clients with one key against several routers that share a store: streams and whole answers, with a token limit and without,
/// over HTTP and over Triton, some of them leaving in the middle. The backends write down what they really produced.
/// </summary>
internal sealed class Hammer : IAsyncDisposable
{
    /// <summary>How many clients, all at once.</summary>
    public const int Clients = 200;

    private const int Whole = 12;
    private const int Streamed = 20;
    private const int Left = 5;
    private const string Question = "How are you today?";

    private static readonly PriceConfig Price = new() { Input = 1, Output = 2 };

    private readonly ConcurrentBag<(long Input, long Output)> _produced = [];
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ScriptedUpstream _upstream;
    private readonly SimulatedTriton _triton;

    private Hammer(ScriptedUpstream upstream, SimulatedTriton triton)
    {
        _upstream = upstream;
        _triton = triton;
    }

    /// <summary>Starts the backends.</summary>
    public static async Task<Hammer> StartAsync()
    {
        var hammer = default(Hammer);
        var upstream = await ScriptedUpstream.StartAsync(call => hammer!.AnswerAsync(call));
        var triton = await SimulatedTriton.StartAsync(new SimulatorOptions { TokenDelayMs = 1 });
        return hammer = new Hammer(upstream, triton);
    }

    /// <summary>What the routers serve.</summary>
    public string Yaml(long tokensPerMinute, decimal usd) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        backends:
          upstream: { url: "{{_upstream.Url}}" }
          gpu: { kind: triton, url: "{{_triton.Address}}" }
        models:
          http: { targets: [ { backend: upstream } ], maxTokens: { max: 60 }, maxInputTokens: 40, price: { input: 1, output: 2 } }
          grpc: { targets: [ { backend: gpu, model: vllm_model } ], maxTokens: { max: 60 }, maxInputTokens: 40, price: { input: 1, output: 2 } }
        keys:
          - name: team
            hash: "{{TestConfigs.HashOf(LimitedRouter.Secret)}}"
            limits: { tokensPerMinute: {{tokensPerMinute}} }
            budget: { usd: {{usd}}, per: total }

        # A store that does not answer in 250 ms, as on a busy machine, is away; alone a replica would let more pass than the limit.
        limits: { onStoreFailure: closed }
        """);

    /// <summary>Lets all clients loose on the routers, each again and again while it is refused, for a few seconds.</summary>
    /// <returns>What was produced, and the refusals by code.</returns>
    public async Task<HammerResult> RunAsync(IReadOnlyList<Uri> routers, TimeSpan duration)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Clients })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + LimitedRouter.Secret);
        var started = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => BeClientAsync(i, http, routers[i % routers.Count], started, duration)));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(50), "It took so long that the first tokens left the window.");
        foreach (var request in _triton.Requests)
        {
            if (request.ModelName == "vllm_model")
            {
                await request.Ended.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
                _produced.Add((TritonInput, request.Tokens));
            }
        }

        return new HammerResult(
            _produced.Sum(p => p.Input + p.Output),
            _produced.Sum(p => RequestCost.NanoUsd(Price, p.Input, 0, p.Output, TimeSpan.Zero)),
            _answers);
    }

    /// <summary>How the key stands, when nothing runs any more.</summary>
    public static async Task<LimitStanding> SettledAsync(ILimitLedger ledger)
    {
        var subject = new LimitSubject(
            "key:file:team", new LimitsConfig { TokensPerMinute = 1_000_000 }, new BudgetConfig { Usd = 1000, Per = BudgetPeriod.Total });
        var standing = default(LimitStanding);
        var before = default(LimitStanding);
        await Eventually.HoldsAsync(async () =>
        {
            before = standing;
            standing = (await ledger.ReadAsync([subject], TestContext.Current.CancellationToken))[0];
            await Task.Delay(50, TestContext.Current.CancellationToken);
            return standing.ReservedNanoUsd == 0 && before is not null && before.Tokens == standing.Tokens;
        });
        return standing!;
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _triton.DisposeAsync();
    }

    /// <summary>The prompt's tokens as the simulated model counts them; learnt from the first answer.</summary>
    private int TritonInput { get; set; }

    private async Task BeClientAsync(int index, HttpClient http, Uri router, Stopwatch clock, TimeSpan duration)
    {
        var kind = index % 5;
        var random = new Random(index);
        while (clock.Elapsed < duration)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(router, "/v1/chat/completions"))
            {
                Content = new StringContent(Body(kind), Encoding.UTF8, "application/json"),
            };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                Note("answered");
                await ReadAsync(kind, response);
                continue;
            }

            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var code = JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString()!;
            Assert.True(response.StatusCode == HttpStatusCode.TooManyRequests || code == "limits_unavailable", body);
            Note(code);
            await Task.Delay(random.Next(100, 400), TestContext.Current.CancellationToken);
        }
    }

    private static string Body(int kind) => kind switch
    {
        0 => $$"""{"model":"http","max_tokens":{{Whole}},"messages":[{"role":"user","content":"{{Question}}"}]}""",
        1 => $$"""{"model":"http","stream":true,"messages":[{"role":"user","content":"{{Question}}"}]}""",
        2 => $$"""{"model":"http","stream":true,"max_tokens":40,"user":"leaves","messages":[{"role":"user","content":"{{Question}}"}]}""",
        // As many tokens as the next one's.
        3 => $$"""{"model":"grpc","messages":[{"role":"user","content":"[[tokens:{{Streamed}}]] as long"}]}""",
        _ => $$"""{"model":"grpc","stream":true,"max_tokens":40,"messages":[{"role":"user","content":"[[hang-after:{{Left}}]]"}]}""",
    };

    private async Task ReadAsync(int kind, HttpResponseMessage response)
    {
        if (kind is 2 or 4)
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            for (var events = 0; events < Left;)
            {
                var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
                events += line!.Contains("\"content\":\"", StringComparison.Ordinal) && !line.Contains("\"content\":\"\"", StringComparison.Ordinal)
                    ? 1
                    : 0;
            }

            return;
        }

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (kind == 3)
        {
            TritonInput = JsonDocument.Parse(text).RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        }
    }

    private void Note(string what) => _answers.AddOrUpdate(what, 1, static (_, count) => count + 1);

    private async Task AnswerAsync(UpstreamCall call)
    {
        var body = JsonDocument.Parse(call.Request.Body).RootElement;
        var limit = body.TryGetProperty("max_tokens", out var old) ? old.GetInt32() : body.GetProperty("max_completion_tokens").GetInt32();

        // What the router guesses where nobody tells it, so that those who leave can be compared too.
        var input = TokenEstimate.FromBytes(Encoding.UTF8.GetByteCount(body.GetProperty("messages").GetRawText()));
        var leaves = body.TryGetProperty("user", out _);
        var output = Math.Min(limit, leaves ? Left : body.TryGetProperty("stream", out _) ? Streamed : Whole);
        _produced.Add((input, output));
        if (!body.TryGetProperty("stream", out _))
        {
            await Task.Delay(output, call.Ended);
            await call.JsonAsync(
                $$$"""
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}},"total_tokens":{{{input + output}}}}}
                """);
            return;
        }

        await call.BeginEventsAsync();
        for (var i = 0; i < output; i++)
        {
            await Task.Delay(1, call.Ended);
            await call.WriteAsync(
                $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":{"content":"tok "},"finish_reason":null}]}""" +
                "\n\n");
        }

        if (leaves)
        {
            await call.HangAsync();
        }

        await call.WriteAsync(
            $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n" +
            $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"choices":[],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}},"total_tokens":{{{input + output}}}}}""" +
            "\n\ndata: [DONE]\n\n");
    }
}

/// <summary>What came of it.</summary>
/// <param name="Tokens">What the backends produced, input included.</param>
/// <param name="NanoUsd">What that costs.</param>
/// <param name="Answers">How often each answer was given.</param>
internal sealed record HammerResult(long Tokens, long NanoUsd, IReadOnlyDictionary<string, int> Answers)
{
    public override string ToString() =>
        $"produced {Tokens} tokens, {NanoUsd} billionths of a dollar; {string.Join(", ", Answers.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}"))}";
}
