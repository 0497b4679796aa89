using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Budgets;

/// <summary>
/// The Api as a process of its own, so that nothing else allocates in it, with key, limits, metrics and access log; a backend and a Triton
/// behind it. Its code is compiled once and fully: tiers would allocate differently from one request to the next.
/// </summary>
public sealed class BudgetRouter : IAsyncLifetime
{
    private const string Key = "sk-air-key-of-the-allocation-budgets";
    private const string Chunk =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770950813,"model":"up-model","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}""" + "\n\n";
    private const string LastChunk =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770950813,"model":"up-model","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}""" + "\n\n";
    private const string Answer =
        """{"id":"chatcmpl-0123456789abcdef","object":"chat.completion","created":1770950813,"model":"up-model","choices":[{"index":0,"message":{"role":"assistant","content":"The fox ran over the hill and the dog slept on, as they had done in every story that was told about them before, and as they would do again."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":57,"completion_tokens":34,"total_tokens":91}}""";

    private const string Streamed = """{"model":"chat","messages":[{"role":"user","content":"Hi"}],"max_tokens":1000,"stream":true}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-budgets-");
    private readonly SemaphoreSlim _nextChunk = new(0);
    private ApiProcess _process = null!;
    private ScriptedUpstream _upstream = null!;
    private SimulatedTriton _triton = null!;
    private int _chunks;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(_folder.FullName, "allocated");

    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        _upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        (_process, Http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["DOTNET_TieredCompilation"] = "0",
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [StartupHook.SocketVariable] = SocketPath,
            ["AIROUTER_CONFIG_YAML"] =
                $$"""
                server: { authentication: required }
                limits: { concurrent: 1000000, requestsPerMinute: 10000000, tokensPerMinute: 1000000000000 }
                backends:
                  up: { kind: openai, url: "{{_upstream.Url}}" }
                  chat-only: { kind: openai, url: "{{_upstream.Url}}", responses: false }
                  gpu: { kind: triton, url: "{{_triton.Address}}" }
                models:
                  chat:
                    targets: [ { backend: up, model: up-model } ]
                    price: { input: 1, output: 3 }
                    limits: { concurrent: 1000000, requestsPerMinute: 10000000 }
                  translated: { targets: [ { backend: chat-only, model: up-model } ] }
                  llm: { targets: [ { backend: gpu, model: ensemble } ] }
                  embedder: { targets: [ { backend: gpu, model: bge } ] }
                keys:
                  - name: budgets
                    hash: "sha256:{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}}"
                    limits: { requestsPerMinute: 10000000, tokensPerMinute: 1000000000000, concurrent: 1000000 }
                """,
        });
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>The bytes of one round, the fewest of three measurements: what the runtime does once is in one of them only.</summary>
    internal async Task<double> AllocatedByAsync(int rounds, Func<Task> round)
    {
        for (var i = 0; i < 20; i++)
        {
            await round();
        }

        var least = double.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = await ReadAsync();
            var reading = await ReadAsync() - before;
            for (var j = 0; j < rounds; j++)
            {
                await round();
            }

            least = Math.Min(least, await ReadAsync() - before - (2 * reading));
        }

        return least / rounds;
    }

    /// <summary>Posts, and reads the answer to its end.</summary>
    internal async Task PostAsync(string path, string json, int status = 200, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await Http.SendAsync(request, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {body}");
    }

    /// <summary>Asks for a stream of so many chunks, each of which is sent when the one before has come out of the router.</summary>
    internal async Task StreamAsync(int chunks, string path = "/v1/chat/completions", string json = Streamed)
    {
        _chunks = chunks;
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        _nextChunk.Release();
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled), Encoding.UTF8);
        var seen = 0;
        while (await lines.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.Contains("\" token\"", StringComparison.Ordinal) && ++seen < chunks)
            {
                _nextChunk.Release();
            }
        }

        Assert.Equal(chunks, seen);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        foreach (var part in (IAsyncDisposable?[])[_process, _upstream, _triton])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _nextChunk.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task AnswerAsync(UpstreamCall call)
    {
        if (!call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await call.JsonAsync(Answer);
            return;
        }

        await call.BeginEventsAsync();
        for (var i = 0; i < _chunks; i++)
        {
            await _nextChunk.WaitAsync(call.Ended);
            await call.WriteAsync(Chunk);
        }

        await call.WriteAsync(LastChunk + "data: [DONE]\n\n");
    }

    /// <summary>What the process has allocated so far.</summary>
    private async Task<long> ReadAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), Cancelled);
        await using var stream = new NetworkStream(socket);
        var bytes = new byte[sizeof(long)];
        await stream.ReadExactlyAsync(bytes, Cancelled);
        return BitConverter.ToInt64(bytes);
    }
}
