using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Realtime;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Sockets.Turns;

/// <summary>A router in front of a <see cref="TurnBackend"/>, and what clients of it do.</summary>
internal static class TurnClient
{
    public const string Path = "/v1/responses";
    public const string OurKey = "sk-air-client-of-ours";

    /// <summary>A router that knows <c>public-model</c>, at this backend <c>backend-model</c>.</summary>
    public static Task<RunningRouter> RouterAsync(
        TurnBackend backend, Func<RouterConfig, RouterConfig>? config = null, Action<IServiceCollection>? configure = null) =>
        RealtimeClient.RouterAsync(backend.Socket, config, configure: configure);

    /// <summary>Opens a connection.</summary>
    public static Task<SocketEnd> ConnectAsync(this RunningRouter router, string? key = null) => router.OpenAsync(
        Path, o => o.SetRequestHeader("Authorization", key is null ? "" : "Bearer " + key));

    /// <summary>Asks for a response.</summary>
    /// <param name="client">Its connection.</param>
    /// <param name="model">The model.</param>
    /// <param name="more">More members, each with a comma before it.</param>
    public static Task AskAsync(this SocketEnd client, string model = "public-model", string more = "") =>
        client.SendAsync($$"""{"type":"response.create","model":"{{model}}","input":"Hi"{{more}}}""");

    /// <summary>The events of a response, to the last one.</summary>
    public static async Task<List<JsonElement>> ReceiveResponseAsync(this SocketEnd client)
    {
        var events = new List<JsonElement>();
        do
        {
            events.Add(await client.ReceiveEventAsync());
        }
        while (TypeOf(events[^1]) is not ("response.completed" or "response.failed" or "response.incomplete" or "error"));
        return events;
    }

    /// <summary>The next event is an error with this status and code.</summary>
    public static async Task<JsonElement> ReceiveErrorAsync(this SocketEnd client, int status, string? code)
    {
        var told = await client.ReceiveEventAsync();
        Assert.Equal("error", TypeOf(told));
        Assert.Equal((status, code), (told.GetProperty("status").GetInt32(), told.GetProperty("error").GetProperty("code").GetString()));
        return told;
    }

    /// <summary>The type of an event.</summary>
    public static string TypeOf(JsonElement told) => told.GetProperty("type").GetString()!;

    /// <summary>With a client key of ours.</summary>
    public static RouterConfig Keyed(RouterConfig config) => config with { Keys = [TestConfigs.Key("k", OurKey)] };

    /// <summary>With another model.</summary>
    public static RouterConfig With(RouterConfig config, string name, BackendConfig backend) => config with
    {
        Backends = new Dictionary<string, BackendConfig>(config.Backends) { [name] = backend },
        Models = new Dictionary<string, ModelConfig>(config.Models)
        {
            [name] = new() { Targets = [new TargetConfig { Backend = name, Model = "its-model" }] },
        },
    };
}
