using System.Text;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Streaming;

/// <summary>R27: what a client that waits gets, on a clock that the test moves.</summary>
public sealed class KeepAliveTests : IAsyncDisposable
{
    private const string Chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    private const string End = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private const string Comment = ": keep-alive\n";

    private readonly FakeTimeProvider _time = new();
    private readonly Queue<TaskCompletionSource<Func<UpstreamCall, Task>>> _steps = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedUpstream? _upstream;
    private RunningRouter? _router;

    [Fact]
    public async Task R27_after_commitAfter_the_200_and_a_comment_are_sent_and_data_follows()
    {
        var step = Step();
        var answer = await AskAsync();
        await AdvanceAsync(9.4);
        Assert.False(answer.IsCompleted);

        await AdvanceAsync(1);
        using var response = await answer.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Comment, await ReadAsync(body, Comment.Length));
        step.SetResult(call => call.EventsAsync(Chunk, End));
        Assert.Equal(Chunk + End, await ReadAsync(body, 1000));
    }

    [Fact]
    public async Task R27_a_silent_stream_gets_a_comment_every_15_seconds_and_none_within_a_frame()
    {
        var first = Step();
        var rest = Step();
        first.SetResult(call => call.EventsAsync(Chunk, "data: {\"choices\""));
        var answer = await AskAsync();
        using var response = await answer.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Chunk, await ReadAsync(body, Chunk.Length));

        await AdvanceAsync(15.5);
        Assert.Equal(Comment, await ReadAsync(body, Comment.Length));
        await AdvanceAsync(15.5);
        Assert.Equal(Comment, await ReadAsync(body, Comment.Length));

        rest.SetResult(call => call.WriteAsync(":[]}\n\n" + End));
        Assert.Equal("data: {\"choices\":[]}\n\n" + End, await ReadAsync(body, 1000));
        Assert.Equal(0, _router!.Services.GetRequiredService<KeepAliveClock>().Count);
    }

    [Fact]
    public async Task R27_an_error_before_the_commit_keeps_its_status()
    {
        var step = Step();
        var answer = await AskAsync();
        await AdvanceAsync(9.4);
        step.SetResult(call => call.JsonAsync("{}", 500));

        using var response = await answer.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(500, (int)response.StatusCode);
    }

    [Fact]
    public async Task R27_an_error_after_the_commit_is_the_last_event_of_a_stream_that_does_not_end_cleanly()
    {
        var step = Step();
        var answer = await AskAsync();
        await AdvanceAsync(10.5);
        using var response = await answer.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Comment, await ReadAsync(body, Comment.Length));
        step.SetResult(call => call.JsonAsync("{\"error\":{\"message\":\"full\"}}", 503));

        var text = new StringBuilder();
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            while (await ReadAsync(body, 1) is { Length: > 0 } more)
            {
                text.Append(more);
            }
        });

        Assert.StartsWith("data: {\"error\":{\"message\":\"full\"", text.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\n\n", text.ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_router is not null)
        {
            await _router.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }
    }

    private static TimeSpan Deadline => TimeSpan.FromSeconds(10);

    private TaskCompletionSource<Func<UpstreamCall, Task>> Step()
    {
        var step = new TaskCompletionSource<Func<UpstreamCall, Task>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _steps.Enqueue(step);
        return step;
    }

    /// <summary>The answer that is under way when the backend has been asked.</summary>
    private async Task<Task<HttpResponseMessage>> AskAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            _asked.TrySetResult();
            foreach (var step in _steps)
            {
                await (await step.Task.WaitAsync(call.Ended))(call);
            }
        });
        // One attempt: the wait before a second one would be for a clock that stands still.
        _router = await RunningRouter.StartAsync(
            _upstream, model: m => m with { Retry = new RetryConfig { Attempts = 1 } },
            configure: s => s.AddSingleton<TimeProvider>(_time));
        var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent("{\"model\":\"public-model\",\"stream\":true,\"messages\":[{}]}", Encoding.UTF8, "application/json"),
        };
        var answer = _router.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await _asked.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        return answer;
    }

    /// <summary>In steps of the clock, so that each tick sees the time that it would see.</summary>
    private async Task AdvanceAsync(double seconds)
    {
        for (var moved = 0.0; moved < seconds; moved += 0.1)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }
    }

    /// <summary>So many bytes, or all that come.</summary>
    private static async Task<string> ReadAsync(Stream body, int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[count];
        var read = await body.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, deadline.Token);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
