using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Api.Errors;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

public sealed class DecoderPlacesTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly DecoderPlaces _places;

    public DecoderPlacesTests() => _places = new DecoderPlaces(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_are_given_in_the_order_of_coming()
    {
        Assert.Null(await EnterAsync());
        var first = EnterAsync();
        var second = EnterAsync();

        _places.Leave();
        Assert.Null(await first);
        Assert.False(second.IsCompleted);
        _places.Leave();
        Assert.Null(await second);
        _places.Leave();
        Assert.Equal((0, 0), (_places.Running, _places.Waiting));
    }

    [Fact]
    public async Task Too_many_that_wait_are_429()
    {
        Assert.Null(await EnterAsync());
        var waiting = Enumerable.Range(0, DecoderPlaces.WaitingForEach).Select(_ => EnterAsync()).ToList();

        var error = await EnterAsync();

        Assert.Equal((ErrorCause.QueueFull, 429), (error!.Cause, error.EffectiveStatus));
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
    }

    [Fact]
    public async Task Too_long_a_wait_is_503()
    {
        Assert.Null(await EnterAsync());
        var waiting = EnterAsync();
        _clock.Advance(Longest);

        var error = await waiting;

        Assert.Equal((ErrorCause.QueueTimeout, 503), (error!.Cause, error.EffectiveStatus));
        Assert.Equal((1, 0), (_places.Running, _places.Waiting));
    }

    [Fact]
    public async Task Client_that_goes_while_it_waits_leaves_no_trace()
    {
        Assert.Null(await EnterAsync());
        using var going = new CancellationTokenSource();
        var waiting = _places.EnterAsync(1, Longest, going.Token).AsTask();
        await going.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _places.Leave();
        Assert.Equal((0, 0), (_places.Running, _places.Waiting));
    }

    [Fact]
    public async Task Newest_configuration_says_how_many_there_are()
    {
        Assert.Null(await EnterAsync(2));
        Assert.Null(await EnterAsync(2));
        var fewer = EnterAsync(1);
        _places.Leave();
        Assert.False(fewer.IsCompleted);

        var more = EnterAsync(2);
        Assert.Null(await fewer);
        Assert.False(more.IsCompleted);
        _places.Leave();
        Assert.Null(await more);
    }

    private Task<ApiError?> EnterAsync(int places = 1) => _places.EnterAsync(places, Longest, Token).AsTask();
}
