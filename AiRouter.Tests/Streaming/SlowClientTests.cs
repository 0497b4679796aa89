using AiRouter.Api.Streaming;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Streaming;

/// <summary>How long a client may take for what was sent to it, on a clock that the test moves.</summary>
public sealed class SlowClientTests
{
    [Theory]
    [InlineData(100, 60)]
    [InlineData(16 * 1024 * 120, 180)]
    public async Task Client_that_takes_nothing_is_cut_off_a_large_event_may_take_longer(int bytes, int seconds)
    {
        var time = new FakeTimeProvider();
        await using var clock = new KeepAliveClock(time, NullLogger<KeepAliveClock>.Instance);
        using var aborted = new CancellationTokenSource();
        var http = new DefaultHttpContext { Response = { Body = new StuckStream() } };
        http.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(aborted));
        var stream = new EventStream(http, clock, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        var writing = stream.WriteAsync(new byte[bytes], aborted.Token).AsTask();

        time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(aborted.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(aborted.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        await stream.DisposeAsync();
    }

    private sealed class Lifetime(CancellationTokenSource aborted) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get => aborted.Token; set => throw new NotSupportedException(); }

        public void Abort() => aborted.Cancel();
    }

    /// <summary>Takes nothing of what is written.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
