using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;

namespace AiRouter.Tests.Triton.Grpc;

public sealed class DeadlineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_first_response_in_time_ends_the_call_at_the_server_too()
    {
        var time = new MovedTime();
        await using var triton = await StartAsync(time);
        var (asked, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        triton.Server.OnInfer = async (_, stream) =>
        {
            asked.SetResult();
            await stream.WaitForCancelAsync();
            cancelled.SetResult();
        };
        await using var generation = await triton.GenerateAsync();
        var read = generation.ReadAsync(Token).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(read.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await read.WaitAsync(TimeSpan.FromSeconds(10), Token));
        Assert.Equal(TritonFailureKind.FirstResponseTimeout, generation.Failure?.Kind);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task Answer_that_stops_is_an_idle_timeout_but_not_while_the_reader_is_busy()
    {
        var time = new MovedTime();
        await using var triton = await StartAsync(time);
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            await stream.WaitForCancelAsync();
        };
        await using var generation = await triton.GenerateAsync();
        Assert.True(await generation.ReadAsync(Token));

        time.Advance(TimeSpan.FromSeconds(60));
        var read = generation.ReadAsync(Token).AsTask();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(read.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.False(await read.WaitAsync(TimeSpan.FromSeconds(10), Token));
        Assert.Equal(TritonFailureKind.IdleTimeout, generation.Failure?.Kind);
    }

    [Fact]
    public async Task Call_that_takes_too_long_in_all_is_ended_though_tokens_come()
    {
        var time = new MovedTime();
        await using var triton = await StartAsync(time);
        triton.Server.OnInfer = async (_, stream) =>
        {
            while (!stream.Cancelled.IsCancellationRequested)
            {
                await stream.WriteAsync(Responses.Text("a"));
            }
        };
        await using var generation = await triton.GenerateAsync();
        Assert.True(await generation.ReadAsync(Token));

        time.Advance(TimeSpan.FromSeconds(101));
        while (await generation.ReadAsync(Token))
        {
        }

        Assert.Equal(TritonFailureKind.DeadlineExceeded, generation.Failure?.Kind);
    }

    [Fact]
    public async Task Configuration_that_does_not_come_in_time_is_a_failure()
    {
        var time = new MovedTime();
        await using var triton = await StartAsync(time);
        var (asked, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        triton.Server.OnModelConfig = async _ =>
        {
            asked.TrySetResult();
            await release.Task;
        };
        var reading = triton.Client.GetModelAsync("m", Token).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);

        time.Advance(TimeSpan.FromSeconds(11));

        var failed = await Assert.ThrowsAsync<TritonException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10), Token));
        Assert.Equal(TritonFailureKind.DeadlineExceeded, failed.Failure.Kind);
        release.SetResult();
    }

    private static Task<TritonHarness> StartAsync(MovedTime time) => TritonHarness.StartAsync(
        Configs.Parse(Configs.Ensemble),
        options => options with
        {
            FirstResponseTimeout = TimeSpan.FromSeconds(30),
            IdleTimeout = TimeSpan.FromSeconds(10),
            TotalTimeout = TimeSpan.FromSeconds(100),
        },
        time);
}
