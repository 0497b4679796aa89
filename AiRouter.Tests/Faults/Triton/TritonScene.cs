using System.Text;
using AiRouter.Api.Backends;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Faults;

/// <summary>
/// A router with one Triton, or with a healthy second one behind it, and what a fault can reach: the wire between both, and the
/// server, which answers as the fault wants until it is healed. Time runs; a fault that is waited for lets it run faster.
/// </summary>
internal sealed class TritonScene : IAsyncDisposable
{
    /// <summary>What the server answers.</summary>
    public const string Text = "one two three";

    private const string Secret = "sk-air-team";

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
    /// <param name="hasSecond">With a healthy second target, asked when the first cannot answer.</param>
    /// <param name="scheme">How the first one is reached.</param>
    /// <param name="backend">Further members of the first backend, in flow style.</param>
    /// <param name="listen">Sets up the first server's listener (TLS).</param>
    public static async Task<TritonScene> StartAsync(
        bool hasSecond = false, string scheme = "http", string backend = "", ListenSetup? listen = null)
    {
        var server = await ServerAsync(listen);
        var second = hasSecond ? await ServerAsync(null) : null;
        var scene = new TritonScene(server, FaultyWire.Start(server.Address.Port), second);
        var timeouts = "timeouts: { connect: 5, firstByte: 15, idle: 15, total: 3600 }";
        var yaml =
            $$"""
            server: { commitAfter: 30 }
            backends:
              gpu: { kind: triton, url: "{{scheme}}://localhost:{{scene.Wire.Port}}", connections: 1, {{timeouts}}{{backend}} }
            {{(second is null ? "" : $"  other: {{ kind: triton, url: \"{second.Address}\", {timeouts} }}")}}
            models:
              chat:
                maxTokens: { max: 64 }
                promptFormat: llama3
                targets:
                - { backend: gpu, model: m }
            {{(second is null ? "" : "    - { backend: other, model: m, priority: 1 }")}}
            keys:
            - { name: team, hash: "{{TestConfigs.HashOf(Secret)}}", limits: { concurrent: 8, tokensPerMinute: 1000000 } }
            """;
        scene._router = await RunningRouter.StartAsync(
            yaml, services => services.AddSingleton<TimeProvider>(scene._clock.Time));
        return scene;
    }

    /// <summary>Asks, and tells what came of it.</summary>
    public async Task<string> AskAsync(bool stream)
    {
        var json = $$"""{"model":"chat","messages":[{"role":"user","content":"count"}],"stream":{{(stream ? "true" : "false")}}}""";
        _received = "";
        _isStream = stream;
        return FaultOutcome.Of(
            await RawHttp.PostAsync(
                Router.Root, "/v1/chat/completions", json, $"Authorization: Bearer {Secret}\r\n",
                soFar => _received = Encoding.UTF8.GetString(soFar.Span)),
            Text);
    }

    /// <summary>Returns when the client of a stream has the tokens that had come at a moment; what a reset throws away is not seen.</summary>
    public Task ArrivedAsync(FaultMoment moment) => moment switch
    {
        FaultMoment.AfterTokens when _isStream => Eventually.HoldsAsync(() => _received.Contains("two", StringComparison.Ordinal)),
        FaultMoment.AfterFinal when _isStream => Eventually.HoldsAsync(() => _received.Contains("three", StringComparison.Ordinal)),
        _ => Task.CompletedTask,
    };

    /// <summary>Waits until nothing is left of what was asked: streams, bodies, requests at targets, places, calls at the servers.</summary>
    public async Task NothingIsLeftAsync()
    {
        var services = Router.Services;
        var state = services.GetRequiredService<RouterStates>().Enter()!;
        try
        {
            var ledger = services.GetRequiredService<ILimitLedger>();
            var key = new LimitSubject("key:file:team", new LimitsConfig { Concurrent = 8, TokensPerMinute = 1_000_000 }, null);
            await Eventually.HoldsAsync(async () =>
                services.GetRequiredService<KeepAliveClock>().Count == 0 &&
                services.GetRequiredService<BodyBudget>().Used == 0 &&
                state.Routes.Values.SelectMany(r => r.Targets).All(t => t.State.Load.InFlight == 0) &&
                (await ledger.ReadAsync([key], TestContext.Current.CancellationToken))[0].Concurrent == 0 &&
                Server.Running == 0 && (Second?.Running ?? 0) == 0);
        }
        finally
        {
            await state.LeaveAsync();
        }
    }

    /// <summary>Ends the fault.</summary>
    public void Heal()
    {
        Speed = 1;
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

    private static async Task<ScriptedTriton> ServerAsync(ListenSetup? listen)
    {
        var server = await ScriptedTriton.StartAsync(listen: listen is null ? null : options => listen(options));
        server.Models["m"] = Configs.Parse(Configs.Ensemble);
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

/// <summary>Sets up a listener.</summary>
internal delegate void ListenSetup(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions options);

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
