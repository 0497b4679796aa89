using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Draining;

/// <summary>A router as a process in front of a backend whose answers go on when the test says so.</summary>
internal sealed class StoppingRouter : IAsyncDisposable
{
    public const string Chat = """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""";
    public const string Streamed = """{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";
    public const string Responses = """{"model":"m","stream":true,"input":"Hi"}""";

    private readonly TaskCompletionSource _goesOn = new();

    private StoppingRouter(ScriptedUpstream upstream, ApiProcess process, HttpClient http)
    {
        Upstream = upstream;
        Process = process;
        Http = http;
    }

    public ScriptedUpstream Upstream { get; }

    public ApiProcess Process { get; }

    public HttpClient Http { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts both.</summary>
    /// <param name="drainSeconds">The time that requests have to end.</param>
    /// <param name="model">Further members of the model, in flow style.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task<StoppingRouter> StartAsync(
        double drainSeconds = 60, string model = "", params (string Name, string Value)[] environment)
    {
        StoppingRouter? router = null;
        var upstream = await ScriptedUpstream.StartAsync(call => router!.AnswerAsync(call));
        var variables = environment.ToDictionary(v => v.Name, v => v.Value);
        variables["AIROUTER_CONFIG_YAML"] = FormattableString.Invariant($$"""
            backends: { up: { url: "{{upstream.Url}}", probe: { enabled: false } } }
            models: { m: { targets: [ { backend: up } ]{{model}} } }
            server: { drainSeconds: {{drainSeconds}}, authentication: none }
            """);
        var (process, http) = await ApiProcess.StartAsync(variables);
        return router = new StoppingRouter(upstream, process, http);
    }

    /// <summary>The backend goes on with all its answers.</summary>
    public void GoOn() => _goesOn.TrySetResult();

    /// <summary>
    /// Sends a request and waits until the backend has begun with it; of a stream, until the client has its beginning.
    /// </summary>
    public async Task<Task<RawResponse>> BeginAsync(string json, string path = "/v1/chat/completions")
    {
        var count = Upstream.Requests.Count;
        var hasBegun = false;

        // Kept alive by the client: that the connection ends is the router's doing.
        var answer = RawHttp.SendAsync(
            Http.BaseAddress!,
            $"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}",
            received => Volatile.Write(ref hasBegun, hasBegun || received.Span.IndexOf("data: "u8) >= 0));
        await Eventually.HoldsAsync(() => Upstream.Requests.Count > count
            && (json == Chat || Volatile.Read(ref hasBegun) || answer.IsCompleted));
        return answer;
    }

    /// <summary>Asks it to stop.</summary>
    public async Task TerminateAsync()
    {
        await Process.SignalAsync("TERM", Cancelled);
        await Process.WaitForOutputAsync("The router stops", Cancelled);
    }

    /// <summary>Waits until it has ended.</summary>
    public Task<int> EndedAsync() => Process.EndedAsync(Cancelled);

    /// <summary>A request on a connection of its own.</summary>
    public Task<RawResponse> PostAsync(string json = Chat) => RawHttp.PostAsync(Http.BaseAddress!, "/v1/chat/completions", json);

    public async ValueTask DisposeAsync()
    {
        GoOn();
        Http.Dispose();
        await Process.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private async Task AnswerAsync(UpstreamCall call)
    {
        var isResponses = call.Http.Request.Path.Value!.EndsWith("/responses", StringComparison.Ordinal);
        var body = call.Request.Text;
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await _goesOn.Task.WaitAsync(call.Ended);
            await call.JsonAsync("""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[]}""");
            return;
        }

        await call.BeginEventsAsync();
        await call.WriteAsync(isResponses
            ? "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\"}}\n\n"
            : Chunk("one"));
        await _goesOn.Task.WaitAsync(call.Ended);
        await call.WriteAsync(Chunk("two", "\"stop\"") + "data: [DONE]\n\n");
    }

    private static string Chunk(string text, string finish = "null") =>
        $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"finish_reason":{{{finish}}}}]}""" + "\n\n";
}
