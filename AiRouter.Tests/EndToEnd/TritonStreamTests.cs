using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>When things happen in a stream, seen from both ends of the router.</summary>
public sealed class TritonStreamTests
{
    private const string Path = "chat/completions";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_goes_out_as_soon_as_it_is_in_with_a_flush_of_its_own()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Token);
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = $$"""
                server: { authentication: none }
                backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
                models: { chat: { targets: [ { backend: gpu, model: ensemble } ] } }
                """,
        });
        await using (process)
        using (http)
        {
            using var client = await PostAsync(http.BaseAddress!, Chat("[[say:one two three four five]][[delay:300]]", "\"stream\":true"));
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            while (await reader.ReadLineAsync(Token) is { Length: > 0 })
            {
            }

            var texts = new List<string>();
            while (await ReadChunkAsync(reader) is { Length: > 0 } chunk)
            {
                texts.Add(chunk);
                if (texts.Count <= 5)
                {
                    // The model may have begun the next one, not the one after that.
                    Assert.InRange(triton.Requests.Single().Tokens, texts.Count, texts.Count + 1);
                }
            }

            // One chunk of the transfer coding is one flush: the first brings the introduction along, the last the end, which
            // waits for nothing.
            Assert.Equal([2, 1, 1, 1, 3], texts.Select(t => t.Split("data: ").Length - 1));
            Assert.Equal("one two three four five", Events.Text(Events.Parse(string.Concat(texts))));
        }
    }

    [Fact]
    public async Task Tokens_that_come_together_go_out_together()
    {
        await using var triton = await ScriptedTriton.StartAsync();
        triton.Models["m"] = Configs.Parse(Configs.Vllm, backend: "vllm");
        var isFirstSeen = new TaskCompletionSource();
        triton.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("one"));
            await isFirstSeen.Task.WaitAsync(Token);
            await stream.WriteTogetherAsync(
                Responses.Text(" two"), Responses.Text(" three"), Responses.Text(" four"), Responses.Text(" five", isFinal: true));
        };
        await using var router = await RunningRouter.StartAsync(
            $$"""
            server: { authentication: none }
            backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
            models: { chat: { targets: [ { backend: gpu, model: m } ] } }
            """);

        using var client = await PostAsync(router.Root, Chat("x", "\"stream\":true"));
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        while (await reader.ReadLineAsync(Token) is { Length: > 0 })
        {
        }

        var first = await ReadChunkAsync(reader);
        isFirstSeen.SetResult();
        var rest = await ReadChunkAsync(reader);

        Assert.Empty(await ReadChunkAsync(reader));
        Assert.Equal("one two three four five", Events.Text(Events.Parse(first + rest)));
        // Four tokens, each an event of its own, the last chunk and the end.
        Assert.Equal(6, rest.Split("data: ").Length - 1);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task Quirk_9_client_that_goes_away_is_seen_by_the_backend_within_one_token(bool stream, int n)
    {
        var log = new LogLines();
        await using var router = await StartAsync(configure: services => services.AddSingleton<ILoggerProvider>(log));
        var json = Chat(
            "[[say:x]][[tokens:1000]][[delay:200]]", $"\"max_tokens\":1000, \"n\":{n}" + (stream ? ", \"stream\":true" : ""));
        int[] before;
        using (var client = await PostAsync(router.Router.Root, json))
        {
            await Eventually.HoldsAsync(() => router.Sent.Count == n && router.Sent.All(s => s.Tokens > 0));
            if (stream)
            {
                await client.GetStream().ReadExactlyAsync(new byte[200], Token);
            }

            client.Client.LingerState = new LingerOption(true, 0);
            Assert.All(router.Sent, s => Assert.Equal(RequestOutcome.Running, s.Outcome));
            before = [.. router.Sent.Select(s => s.Tokens)];
        }

        await Task.WhenAll(router.Sent.Select(s => s.Ended)).WaitAsync(TimeSpan.FromSeconds(10), Token);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(RequestOutcome.Cancelled, router.Sent[i].Outcome);

            // The token that was under way, and one for the way of the news.
            Assert.InRange(router.Sent[i].Tokens - before[i], 0, 2);
        }

        // It is the client that has gone, not the backend that failed.
        await Eventually.HoldsAsync(() => log.Lines.Any(l => l.Contains(" cause=", StringComparison.Ordinal)));
        Assert.Contains(log.Lines, l => l.Contains(" cause=ClientGone ", StringComparison.Ordinal));
    }

    private static async Task<TcpClient> PostAsync(Uri root, string json)
    {
        var client = new TcpClient();
        await client.ConnectAsync(root.Host, root.Port, Token);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v1/{Path} HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}")),
            Token);
        return client;
    }

    /// <summary>The next chunk of the transfer coding (ASCII); empty at the end.</summary>
    private static async Task<string> ReadChunkAsync(StreamReader reader)
    {
        var size = int.Parse((await reader.ReadLineAsync(Token))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var chunk = new char[size];
        Assert.Equal(size, await reader.ReadBlockAsync(chunk, Token));
        await reader.ReadLineAsync(Token);
        return new string(chunk);
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
