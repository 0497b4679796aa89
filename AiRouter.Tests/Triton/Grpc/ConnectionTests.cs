using AiRouter.Benchmarks.Processes;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Grpc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Triton.Grpc;

public sealed class ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dead_server_at_start_is_unreachable_and_works_when_it_comes_up()
    {
        var port = LoopbackPort.Free();
        await using var client = Client(new Uri($"http://127.0.0.1:{port}"));

        Assert.False(await client.IsReadyAsync(Token));
        var failed = await Assert.ThrowsAsync<TritonException>(async () => await client.GetModelAsync("m", Token));
        Assert.Equal(TritonFailureKind.Unreachable, failed.Failure.Kind);

        await using var server = await ScriptedTriton.StartAsync(port: port);
        server.Models["m"] = Configs.Parse(Configs.Ensemble);
        await Eventually.HoldsAsync(() => client.IsReadyAsync(Token));
        Assert.Equal("m", (await client.GetModelAsync("m", Token)).Name);
    }

    [Theory]
    [InlineData(LogLevel.Information, false)]
    [InlineData(LogLevel.Debug, true)]
    public async Task Tokens_open_logging_scopes_only_where_the_details_of_gRPC_are_logged(LogLevel level, bool expected)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Text("a"), Responses.Text("b"), Responses.Final());
        var scopes = new ScopeCounter(level);
        await using var client = new TritonClient(
            new TritonClientOptions { Address = triton.Server.Address }, TimeProvider.System, scopes);
        var token = TestContext.Current.CancellationToken;
        await using var generation = client.Generate(
            await client.GetModelAsync("m", token), TritonHarness.Request, token);

        Assert.Equal("ab", (await Answer.ReadAsync(generation)).Text);
        Assert.Equal(expected, scopes.Begun > 0);
    }

    [Fact]
    public void Keep_alive_is_what_Triton_accepts()
    {
        using var handler = ConnectionHandlers.Create(new TritonClientOptions { Address = new Uri("http://t:8001") }, () => { });

        // The server counts pings that come within 300 s without data, and any without a call in flight (triton.md §2).
        Assert.True(handler.KeepAlivePingDelay > TimeSpan.FromSeconds(300));
        Assert.Equal(HttpKeepAlivePingPolicy.WithActiveRequests, handler.KeepAlivePingPolicy);
        Assert.True(handler.KeepAlivePingTimeout < handler.KeepAlivePingDelay);

        // An idle connection is not pinged: it is given up before anything between here and there forgets it.
        Assert.Equal(TimeSpan.FromMinutes(5), handler.PooledConnectionIdleTimeout);
        Assert.Equal(Timeout.InfiniteTimeSpan, handler.PooledConnectionLifetime);
        Assert.False(handler.EnableMultipleHttp2Connections);
    }

    [Fact]
    public async Task Name_that_does_not_resolve_is_unreachable()
    {
        await using var client = Client(new Uri("http://no-such-host.invalid:8001"));

        var failed = await Assert.ThrowsAsync<TritonException>(async () => await client.GetModelAsync("m", Token));

        Assert.Equal(TritonFailureKind.Unreachable, failed.Failure.Kind);
    }

    [Fact]
    public async Task Server_that_accepts_no_connection_in_time_is_a_connect_timeout()
    {
        await using var client = new TritonClient(
            new TritonClientOptions
            {
                Address = new Uri("http://triton:8001"),
                ConnectTimeout = TimeSpan.FromMilliseconds(50),
                Connect = async (_, cancellationToken) =>
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return Stream.Null;
                },
            },
            TimeProvider.System,
            NullLoggerFactory.Instance);

        var failed = await Assert.ThrowsAsync<TritonException>(async () => await client.GetModelAsync("m", Token));

        Assert.Equal(TritonFailureKind.ConnectTimeout, failed.Failure.Kind);
    }

    [Fact]
    public async Task Connection_cut_in_the_middle_is_a_reset_and_the_next_request_works()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            triton.Server.CutConnections();
            await stream.WaitForCancelAsync();
        };

        var broken = await triton.RunAsync();
        triton.Answer(Responses.Text("b", isFinal: true));
        var whole = await triton.RunAsync();

        Assert.Equal(TritonFailureKind.Reset, broken.Generation.Failure?.Kind);
        Assert.Null(broken.Generation.FinishReason);
        Assert.Null(whole.Generation.Failure);
        Assert.Equal("b", whole.Text);
    }

    [Fact]
    public async Task Server_that_goes_away_lets_the_stream_end_and_the_next_one_connects_anew()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            triton.Server.CloseConnections();
            await stream.WriteAsync(Responses.Text("b", isFinal: true));
        };

        for (var i = 0; i < 3; i++)
        {
            var answer = await triton.RunAsync();
            Assert.Null(answer.Generation.Failure);
            Assert.Equal("ab", answer.Text);
        }
    }

    [Fact]
    public async Task Reconnecting_drops_what_is_known_of_the_models()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Text("a", isFinal: true));
        await triton.RunAsync();
        await triton.RunAsync();
        Assert.Equal(1, triton.Server.ConfigReads);

        triton.Server.CutConnections();
        await Eventually.HoldsAsync(() => triton.Server.Connections == 0);
        await Eventually.HoldsAsync(() => triton.Client.IsReadyAsync(Token));
        await triton.RunAsync();

        Assert.Equal(2, triton.Server.ConfigReads);
    }

    [Theory]
    [InlineData(2, TritonFailureKind.Reset)]
    [InlineData(8, TritonFailureKind.Reset)]
    [InlineData(7, TritonFailureKind.Unavailable)]
    public async Task Stream_reset_by_the_server_is_no_end(int errorCode, TritonFailureKind expected)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            stream.Reset(errorCode);
        };

        var answer = await triton.RunAsync();

        Assert.Equal(expected, answer.Generation.Failure?.Kind);
        Assert.Null(answer.Generation.FinishReason);
    }

    [Fact]
    public async Task Quirk14_Requests_go_to_the_connection_with_the_fewest_in_flight()
    {
        await using var triton = await TritonHarness.StartAsync(
            Configs.Parse(Configs.Ensemble), options => options with { Connections = 3 });
        var release = new TaskCompletionSource();
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            await release.Task;
            await stream.WriteAsync(Responses.Final());
        };

        var generations = new List<Generation>();
        for (var i = 0; i < 6; i++)
        {
            generations.Add(await triton.GenerateAsync());
            Assert.True(await generations[i].ReadAsync(Token));
        }

        Assert.Equal(3, triton.Server.Connections);
        release.SetResult();
        foreach (var generation in generations)
        {
            Assert.False(await generation.ReadAsync(Token));
            Assert.Null(generation.Failure);
            await generation.DisposeAsync();
        }
    }

    [Fact]
    public async Task Message_above_the_limit_is_refused_and_one_below_taken()
    {
        await using var triton = await TritonHarness.StartAsync(
            Configs.Parse(Configs.Ensemble), options => options with { MaxMessageBytes = 5 << 20 });
        triton.Answer(Responses.Text(new string('x', 5 << 20), isFinal: true));
        Assert.Equal(TritonFailureKind.MessageTooLarge, (await triton.RunAsync()).Generation.Failure?.Kind);

        triton.Answer(Responses.Text(new string('x', (5 << 20) - 1000), isFinal: true));
        Assert.Equal((5 << 20) - 1000, (await triton.RunAsync()).Text.Length);
    }

    [Fact]
    public async Task Metadata_goes_out_with_every_call()
    {
        await using var triton = await TritonHarness.StartAsync(
            Configs.Parse(Configs.Ensemble),
            options => options with { Headers = new Dictionary<string, string> { ["authorization"] = "Bearer t" } });
        triton.Answer(Responses.Final());

        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await triton.RunAsync(TritonHarness.Request with { TraceParent = trace, TraceState = "bad\u00E9" });

        Assert.True(triton.Server.Headers.TryDequeue(out var headers));
        Assert.Equal("Bearer t", headers.Authorization);
        Assert.Equal("req-1", headers["x-request-id"]);
        Assert.Equal(trace, headers.TraceParent);
        Assert.Equal(0, headers.TraceState.Count);
        Assert.Equal("req-1", triton.Server.Requests.First().Id);
    }

    private static TritonClient Client(Uri address) =>
        new(new TritonClientOptions { Address = address }, TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>Counts the scopes of all its loggers.</summary>
    private sealed class ScopeCounter(LogLevel level) : ILoggerFactory, ILogger
    {
        private int _begun;

        public int Begun => Volatile.Read(ref _begun);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Interlocked.Increment(ref _begun);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
