using System.Net;
using System.Text.Json;
using AiRouter.Api.Streaming;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;
using RecordedRequest = AiRouter.TritonSimulator.Recording.RecordedRequest;

namespace AiRouter.Tests.EndToEnd;

/// <summary>
/// A router in front of a simulated Triton, both on sockets of their own. Its clock stands still and its ids repeat, so that
/// answers can be compared byte for byte.
/// </summary>
internal sealed class TritonRouter : IAsyncDisposable
{
    private const string Models =
        """
          chat: { targets: [ { backend: gpu, model: ensemble } ] }
          bls: { targets: [ { backend: gpu, model: tensorrt_llm_bls } ] }
          llm-api: { targets: [ { backend: gpu, model: tensorrt_llm } ] }
          vllm: { targets: [ { backend: gpu, model: vllm_model } ] }
          generic: { targets: [ { backend: gpu, model: generic } ] }
          embed: { targets: [ { backend: gpu, model: bge } ] }
        """;

    private TritonRouter(SimulatedTriton triton, RunningRouter router)
    {
        Triton = triton;
        Router = router;
    }

    public SimulatedTriton Triton { get; }

    public RunningRouter Router { get; }

    /// <summary>The requests that reached the backend.</summary>
    public IReadOnlyList<RecordedRequest> Sent => [.. Triton.Requests];

    /// <summary>Starts both.</summary>
    /// <param name="models">Further lines for <c>models</c>, indented by two.</param>
    /// <param name="server">Further members of <c>server</c>, in flow style.</param>
    /// <param name="backend">Further members of the backend, in flow style.</param>
    /// <param name="options">What the simulated Triton is like.</param>
    /// <param name="configure">Replaces further services.</param>
    public static async Task<TritonRouter> StartAsync(
        string models = "", string server = "", string backend = "", SimulatorOptions? options = null,
        Action<IServiceCollection>? configure = null)
    {
        var triton = await SimulatedTriton.StartAsync(options);
        var yaml =
            $$"""
            server: { authentication: none{{Rest(server)}} }
            backends:
              gpu: { kind: triton, url: "{{triton.Address}}"{{Rest(backend)}} }
            models:
            {{Models}}
            {{models}}
            """;
        var router = await RunningRouter.StartAsync(yaml, services =>
        {
            services.AddSingleton<TimeProvider>(new StoppedClock()).AddSingleton(new AnswerIds(new Random(1)));
            configure?.Invoke(services);
        });
        return new TritonRouter(triton, router);
    }

    /// <summary>A chat request of one user message; <paramref name="members"/> are further members, such as <c>"n":2</c>.</summary>
    public static string Chat(string content, string members = "", string model = "chat") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(content)}}}]{{Rest(members)}}}""";

    /// <summary>A legacy completion request.</summary>
    public static string Completion(string prompt, string members = "", string model = "chat") =>
        $$"""{"model":"{{model}}","prompt":{{JsonSerializer.Serialize(prompt)}}{{Rest(members)}}}""";

    /// <summary>Posts, and gives back the socket's bytes.</summary>
    public Task<RawResponse> RawAsync(string path, string json, string headers = "") =>
        RawHttp.PostAsync(Router.Root, "/v1/" + path, json, headers);

    /// <summary>Posts, expects 200, and gives back the body.</summary>
    public async Task<JsonElement> JsonAsync(string path, string json)
    {
        using var response = await Router.PostAsync(path, json);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Posts, expects an error, and gives back its status and its members.</summary>
    public async Task<(int Status, string Message, string? Param, string? Code)> ErrorAsync(string path, string json)
    {
        using var response = await Router.PostAsync(path, json);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.False(response.IsSuccessStatusCode, body);
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        return ((int)response.StatusCode, error.GetProperty("message").GetString()!, error.GetProperty("param").GetString(),
            error.GetProperty("code").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await Triton.DisposeAsync();
    }

    private static string Rest(string members) => members.Length == 0 ? "" : ", " + members;

    /// <summary>Its date stands still; timers run.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_770_950_813);
    }
}
