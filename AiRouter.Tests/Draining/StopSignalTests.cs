using System.Diagnostics;
using System.Net.Sockets;
using AiRouter.Api.Draining;

namespace AiRouter.Tests.Draining;

/// <summary>How long the listener of a real process stays open, by the signal that it gets.</summary>
public sealed class StopSignalTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listener_stays_open_for_those_who_go_by_readiness()
    {
        // A machine on which two requests take longer than the notice says nothing.
        while (!await IsToldAsync())
        {
            Assert.False(Cancelled.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task Keyboard_ends_it_without_a_notice()
    {
        await using var router = await StoppingRouter.StartAsync();
        await router.Http.GetStringAsync("/health/ready", Cancelled);
        var probed = Stopwatch.StartNew();
        await router.TerminateAsync();
        await router.EndedAsync();
        probed.Stop();

        await using var another = await StoppingRouter.StartAsync();
        await another.Http.GetStringAsync("/health/ready", Cancelled);
        var keyboard = Stopwatch.StartNew();
        await another.Process.SignalAsync("INT", Cancelled);

        Assert.Equal(0, await another.EndedAsync());
        Assert.InRange(keyboard.Elapsed, TimeSpan.Zero, probed.Elapsed);
    }

    [Fact]
    public async Task Second_signal_ends_it_at_once()
    {
        await using var router = await StoppingRouter.StartAsync(drainSeconds: 3600);
        await router.BeginAsync(StoppingRouter.Streamed);
        await router.TerminateAsync();

        // One within half a second of the first is the same once more.
        while (!router.Process.HasEnded)
        {
            Assert.False(Cancelled.IsCancellationRequested);
            await router.Process.SignalAsync("TERM", Cancelled);
        }

        Assert.Equal(143, await router.EndedAsync());
    }

    /// <summary>
    /// Nothing is under way, and yet nobody meets a closed port. False: the notice was over before all had asked.
    /// </summary>
    private static async Task<bool> IsToldAsync()
    {
        await using var router = await StoppingRouter.StartAsync();
        Assert.Equal("""{"status":"ready"}""", await router.Http.GetStringAsync("/health/ready", Cancelled));
        var asked = Stopwatch.GetTimestamp();
        await router.TerminateAsync();
        try
        {
            using var ready = await router.Http.GetAsync("/health/ready", Cancelled);
            Assert.Equal("""{"status":"draining"}""", await ready.Content.ReadAsStringAsync(Cancelled));
            Assert.Equal(503, (await router.PostAsync()).Status);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException
            && Stopwatch.GetElapsedTime(asked) >= StopNotice.Period)
        {
            return false;
        }

        Assert.Equal(0, await router.EndedAsync());
        return true;
    }
}
