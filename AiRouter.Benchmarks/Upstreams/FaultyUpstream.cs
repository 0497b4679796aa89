using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiRouter.Benchmarks.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AiRouter.Benchmarks.Upstreams;

/// <summary>An OpenAI-compatible backend that says back what it was asked, and fails a share of its requests. It can be stopped and
/// started again on its port.</summary>
/// <param name="name">What it is called.</param>
/// <param name="seed">Of its faults.</param>
internal sealed class FaultyUpstream(string name, int seed) : IAsyncDisposable
{
    private static readonly UpstreamFault[] Faults = Enum.GetValues<UpstreamFault>();

    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private CancellationTokenSource _stopping = new();
    private WebApplication? _app;
    private int _connections;
    private int _active;

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>The share of requests that fail, 0 to 1.</summary>
    public double FaultRate { get; set; }

    /// <summary>Every request hangs, until it is set to false and the router gives up.</summary>
    public bool Hangs { get; set; }

    /// <summary>Gives wrong answers, so that it is seen whether they are found: one of so many; 0: none.</summary>
    public int WrongOneOf { get; set; }

    /// <summary>Before the first byte of an answer.</summary>
    public TimeSpan StartDelay { get; set; }

    /// <summary>Before each event of a stream.</summary>
    public TimeSpan EventDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Connections that are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Requests under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Faults so far, by kind.</summary>
    public ConcurrentDictionary<UpstreamFault, int> Failed { get; } = [];

    /// <summary>The tokens of each answer that was written to its end, by the id of its request.</summary>
    public ConcurrentDictionary<string, int> Produced { get; } = [];

    /// <summary>Starts it, again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        _stopping = new CancellationTokenSource();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, CountConnections));
        var app = builder.Build();
        app.MapGet("/v1/models", () => """{"object":"list","data":[]}""");
        app.MapPost("/v1/{**operation}", AnswerAsync);
        await app.StartAsync();
        _app = app;
    }

    /// <summary>Goes away as a killed process does: every connection is cut, and new ones are refused.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await _stopping.CancelAsync();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await app.StopAsync(deadline.Token);
            await app.DisposeAsync();
            _stopping.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private void CountConnections(ListenOptions listener) => listener.Use(next => async connection =>
    {
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    });

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _active);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        EchoAnswer? answer = null;
        try
        {
            answer = await EchoAnswer.ReadAsync(http, ends.Token);
            var (fault, isWrong) = Draw();
            if (Hangs)
            {
                fault = UpstreamFault.Hang;
            }
            else if (StartDelay > TimeSpan.Zero)
            {
                await Task.Delay(StartDelay, ends.Token);
            }

            if (fault is { } drawn)
            {
                Failed.AddOrUpdate(drawn, 1, static (_, count) => count + 1);
            }

            if (!await answer.WriteAsync(fault, isWrong, EventDelay, ends.Token))
            {
                Cut(http);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            Cut(http);
        }
        finally
        {
            if (answer is { IsWhole: true })
            {
                Produced[answer.Id] = answer.OutputTokens;
            }

            Interlocked.Decrement(ref _active);
        }
    }

    private (UpstreamFault? Fault, bool IsWrong) Draw()
    {
        lock (_lock)
        {
            var fails = _random.NextDouble() < FaultRate;
            var fault = Faults[_random.Next(Faults.Length)];
            return (fails ? fault : null, WrongOneOf > 0 && _random.Next(WrongOneOf) == 0);
        }
    }

    /// <summary>With a reset, as when a process dies.</summary>
    private static void Cut(HttpContext http)
    {
        try
        {
            if (http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
        catch (ObjectDisposedException)
        {
            // The connection is gone already.
        }

        http.Abort();
    }

    /// <summary>Its <c>url</c> in a configuration.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/v1");
}
