using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>
/// A router with one Triton, or with a healthy second one behind it, and what a fault can reach: the wire between both, and the
/// server, which answers as the fault wants until it is healed. Time runs; a fault that is waited for lets it run faster.
/// </summary>
internal sealed class TritonScene : IAsyncDisposable
{
    /// <summary>What the server answers.</summary>
    public const string Text = "one two three";

    private static readonly string[] Tokens = ["one", " two", " three"];

    private readonly RunningClock _clock = new();
    private RunningRouter? _router;
    private volatile string _received = "";
    private volatile bool _isStream;

    private TritonScene(ScriptedTriton server, FaultyWire wire, ScriptedTriton? second)
    {
        Server = server;
        Wire = wire;
        Second = second;
    }

    /// <summary>The server whose fault it is.</summary>
    public ScriptedTriton Server { get; }

    /// <summary>The way to it.</summary>
    public FaultyWire Wire { get; }

    /// <summary>The healthy one.</summary>
    public ScriptedTriton? Second { get; }

    public RunningRouter Router => _router!;

    /// <summary>How much faster than the real time the router's runs.</summary>
    public int Speed
    {
        get => _clock.Speed;
        set => _clock.Speed = value;
    }

    /// <summary>Starts one.</summary>
    /// <param name="targets">2: with a healthy second target, asked when the first cannot answer.</param>
    /// <param name="scheme">How the first one is reached.</param>
    /// <param name="backend">Further members of the first backend, as YAML.</param>
    /// <param name="listen">Sets up the first server's listener (TLS).</param>
    /// <param name="connect">Seconds of the real time until a connection must stand.</param>
    /// <param name="begin">Called before the router starts, which makes connections for itself.</param>
    public static async Task<TritonScene> StartAsync(
        int targets = 1, string scheme = "http", string backend = "", Action<ListenOptions>? listen = null, double connect = 10,
        Action<TritonScene>? begin = null)
    {
        var server = await ServerAsync(listen);
        var second = targets == 2 ? await ServerAsync(null) : null;
        var scene = new TritonScene(server, FaultyWire.Start(server.Address.Port), second);
        begin?.Invoke(scene);
        var yaml =
            $$"""
            server: { commitAfter: 30 }
            backends:
              faulty:
                kind: triton
                url: {{scheme}}://localhost:{{scene.Wire.Port}}
                connections: 1
                timeouts: { connect: {{connect}}, firstByte: 15, idle: 15 }
                breaker: { failures: 1, open: 100, maxOpen: 100 }
                {{backend}}
              second: { kind: triton, url: "{{(second ?? server).Address}}" }
            models:
              public-model:
                promptFormat: llama3
                maxTokens: { default: 16, max: 64 }
                limits: { concurrent: 1, tokensPerMinute: 100000000 }
                retry: { attempts: {{targets}}, backoff: 0.01 }
                targets:
                  - { backend: faulty, model: backend-model }
                  {{(targets == 2 ? "- { backend: second, model: backend-model, priority: 1 }" : "")}}
            """;
        scene._router = await RunningRouter.StartAsync(
            yaml, services => services.AddSingleton<TimeProvider>(scene._clock.Time));
        return scene;
    }

    /// <summary>Asks, and tells what came of it.</summary>
    public async Task<FaultOutcome> AskAsync(bool stream)
    {
        var json = $$"""{"model":"public-model","messages":[{"role":"user","content":"count"}],"stream":{{(stream ? "true" : "false")}}}""";
        _received = "";
        _isStream = stream;
        var response = await RawHttp.PostAsync(
            Router.Root, "/v1/chat/completions", json, received: soFar => _received = Encoding.UTF8.GetString(soFar.Span));
        foreach (var secret in (string[])["127.0.0.1", "localhost", $":{Wire.Port}", $":{Server.Address.Port}", "backend-model", "CUDA error"])
        {
            Assert.DoesNotContain(secret, response.Head + response.Body, StringComparison.OrdinalIgnoreCase);
        }

        return ClientAnswer.Read(response, stream, Text);
    }

    /// <summary>
    /// Returns when the client of a stream has the tokens that had come at a moment; what a reset throws away is not seen.
    /// </summary>
    public Task ArrivedAsync(FaultMoment moment) => moment switch
    {
        FaultMoment.AfterTokens when _isStream => Eventually.HoldsAsync(() => _received.Contains("two", StringComparison.Ordinal)),
        FaultMoment.AfterFinal when _isStream => Eventually.HoldsAsync(() => _received.Contains("three", StringComparison.Ordinal)),
        _ => Task.CompletedTask,
    };

    /// <summary>One request that meets the fault, then the end of the fault, and one request more, which must be answered there.</summary>
    public async Task<FaultOutcome> RunAsync(bool stream, Action? heal = null)
    {
        var outcome = await AskAsync(stream);
        await NothingIsLeftAsync();
        Heal();
        heal?.Invoke();
        var before = Server.Requests.Count;
        Assert.Equal(FaultOutcome.Right, await AskAsync(stream));
        Assert.Equal(before + 1, Server.Requests.Count);
        await NothingIsLeftAsync();
        return outcome;
    }

    /// <summary>Waits until nothing is left of what was asked, at the router and at the servers.</summary>
    public async Task NothingIsLeftAsync()
    {
        await LeakCheck.HoldsNothingAsync(Router);
        await Eventually.HoldsAsync(() => Server.Running == 0 && (Second?.Running ?? 0) == 0);
    }

    /// <summary>Ends the fault, and what the router remembers of it.</summary>
    public void Heal()
    {
        Speed = 1;
        _clock.Time.Advance(TimeSpan.FromHours(2));
        Server.Intercept = (_, _) => Task.FromResult(false);
        Wire.Answer = null;
        Wire.Trickle = null;
        Wire.IsFrozen = false;
    }

    /// <summary>Writes what a good answer has until a moment: nothing, headers, two tokens, or all but the end of the call.</summary>
    public static async Task BeginAsync(HttpContext call, FaultMoment moment)
    {
        var stream = new ScriptedStream(call);
        if (moment == FaultMoment.BeforeHeaders)
        {
            return;
        }

        call.Response.ContentType = "application/grpc";
        call.Response.DeclareTrailer("grpc-status");
        await call.Response.Body.FlushAsync();
        for (var i = 0; moment != FaultMoment.AfterHeaders && i < (moment == FaultMoment.AfterFinal ? 3 : 2); i++)
        {
            await stream.WriteAsync(Responses.Text(Tokens[i], isFinal: i == 2));
        }
    }

    /// <summary>Writes what is missing after <see cref="BeginAsync"/>.</summary>
    public static async Task FinishAsync(HttpContext call, FaultMoment moment)
    {
        call.Response.ContentType ??= "application/grpc";
        var stream = new ScriptedStream(call);
        for (var i = moment switch { FaultMoment.AfterFinal => 3, FaultMoment.AfterTokens => 2, _ => 0 }; i < 3; i++)
        {
            await stream.WriteAsync(Responses.Text(Tokens[i], isFinal: i == 2));
        }

        await stream.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Heal();
        await Router.DisposeAsync();
        await Wire.DisposeAsync();
        await Server.DisposeAsync();
        if (Second is not null)
        {
            await Second.DisposeAsync();
        }

        await _clock.DisposeAsync();
    }

    private static async Task<ScriptedTriton> ServerAsync(Action<ListenOptions>? listen)
    {
        var server = await ScriptedTriton.StartAsync(listen: listen);
        server.Models["backend-model"] = Configs.Parse(Configs.Ensemble);
        server.OnInfer = async (_, stream) =>
        {
            for (var i = 0; i < Tokens.Length; i++)
            {
                await stream.WriteAsync(Responses.Text(Tokens[i], isFinal: i == Tokens.Length - 1));
            }
        };
        return server;
    }
}

/// <summary>How far an answer had come.</summary>
internal enum FaultMoment
{
    /// <summary>The request has arrived, nothing has gone back.</summary>
    BeforeHeaders,

    /// <summary>Headers, and no token.</summary>
    AfterHeaders,

    /// <summary>Two tokens of three.</summary>
    AfterTokens,

    /// <summary>The response that is marked as the final one; the call has not ended.</summary>
    AfterFinal,
}
