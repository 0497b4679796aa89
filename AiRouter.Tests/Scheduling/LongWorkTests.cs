using System.Runtime.ExceptionServices;
using AiRouter.Api.Scheduling;

namespace AiRouter.Tests.Scheduling;

/// <summary>What takes long is done elsewhere than on a thread that waits for sockets.</summary>
public sealed class LongWorkTests
{
    private static readonly AsyncLocal<string?> _context = new();

    [Fact]
    public void Long_work_leaves_a_socket_thread_for_the_pool() => OnThreadOfItsOwn(static async () =>
    {
        _context.Value = "mine";
        await LongWork.Begin();
        Assert.True(Thread.CurrentThread.IsThreadPoolThread);
        Assert.Equal("mine", _context.Value);
    });

    [Theory]
    [InlineData(LongWork.Bytes - 1, false)]
    [InlineData(LongWork.Bytes, true)]
    public void Work_on_bytes_leaves_it_if_they_are_many(long bytes, bool leaves) => OnThreadOfItsOwn(async () =>
    {
        await LongWork.Begin(bytes);
        Assert.Equal(leaves, Thread.CurrentThread.IsThreadPoolThread);
    });

    [Fact]
    public async Task On_a_thread_of_the_pool_nothing_changes()
    {
        await Task.Run(
            static () =>
            {
                Assert.True(LongWork.Begin().IsCompleted);
                Assert.True(LongWork.Begin(long.MaxValue).IsCompleted);
            },
            TestContext.Current.CancellationToken);
    }

    private static void OnThreadOfItsOwn(Func<Task> test)
    {
        using var ended = new ManualResetEventSlim();
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() => _ = RunAsync());
        thread.Start();
        Assert.True(ended.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        failure?.Throw();

        async Task RunAsync()
        {
            try
            {
                await test();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            finally
            {
                ended.Set();
            }
        }
    }
}
