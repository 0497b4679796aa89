using System.Collections.Concurrent;
using System.Text.Json;
using AiRouter.Tests.Realtime;

namespace AiRouter.Tests.Sockets.Turns;

/// <summary>A backend whose Responses API can be had over a WebSocket: each response has one piece of text, and costs 7 and 3 tokens.</summary>
internal sealed class TurnBackend : IAsyncDisposable
{
    private int _count;

    private TurnBackend(RealtimeBackend socket) => Socket = socket;

    /// <summary>Its listener.</summary>
    public RealtimeBackend Socket { get; }

    /// <summary>What a backend's <c>url</c> is set to.</summary>
    public Uri Url => Socket.Url;

    /// <summary>The turns that it was asked, in their order.</summary>
    public ConcurrentQueue<JsonElement> Asked { get; } = [];

    /// <summary>How a connection was closed.</summary>
    public TaskCompletionSource<SocketMessage> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers a turn, the first of which has the number 1; null: as it is done by default.</param>
    public static async Task<TurnBackend> StartAsync(Func<SocketEnd, JsonElement, int, Task>? answer = null)
    {
        var backend = new TurnBackend(await RealtimeBackend.StartAsync());
        backend.Socket.Script = end => backend.RunAsync(end, answer ?? AnswerAsync);
        return backend;
    }

    /// <summary>Answers one turn.</summary>
    public static async Task AnswerAsync(SocketEnd end, JsonElement asked, int number)
    {
        await BeginAsync(end, asked, number);
        await FinishAsync(end, asked, number);
    }

    /// <summary>The first event of a response, and its text.</summary>
    public static async Task BeginAsync(SocketEnd end, JsonElement asked, int number)
    {
        await end.SendAsync(Event("response.created", asked, number, "in_progress", "null"));
        await end.SendAsync($$"""{"type":"response.output_text.delta","sequence_number":1,"delta":"text {{number}}"{{StreamOf(asked)}}}""");
    }

    /// <summary>Its last one.</summary>
    public static Task FinishAsync(SocketEnd end, JsonElement asked, int number) => end.SendAsync(Event(
        "response.completed", asked, number, "completed", """{"input_tokens":7,"output_tokens":3,"total_tokens":10}"""));

    public ValueTask DisposeAsync() => Socket.DisposeAsync();

    private static string Event(string type, JsonElement asked, int number, string status, string usage) =>
        $$"""{"type":"{{type}}","sequence_number":0,"response":{"id":"resp_{{number}}","object":"response","status":"{{status}}","model":{{asked.GetProperty("model").GetRawText()}},"usage":{{usage}}}{{StreamOf(asked)}}}""";

    private static string StreamOf(JsonElement asked) =>
        asked.TryGetProperty("stream_id", out var stream) ? $",\"stream_id\":{stream.GetRawText()}" : "";

    private async Task RunAsync(SocketEnd end, Func<SocketEnd, JsonElement, int, Task> answer)
    {
        SocketMessage message;
        while (!(message = await end.ReceiveAsync()).IsClose)
        {
            var asked = JsonDocument.Parse(message.Bytes).RootElement;
            Asked.Enqueue(asked);
            await answer(end, asked, Interlocked.Increment(ref _count));
        }

        Closed.TrySetResult(message);
        await end.AnswerCloseAsync();
    }
}
