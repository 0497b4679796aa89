using System.Net;
using AiRouter.Api.Backends.OpenAi;

namespace AiRouter.Tests.Backends;

public sealed class UpstreamConnectionsTests
{
    [Fact]
    public async Task Requests_that_come_first_at_the_same_time_share_one_handler_and_nothing_stays_open()
    {
        const int requests = 4;
        var (made, closed) = (0, 0);
        using var together = new Barrier(requests);
        using (var connections = new UpstreamConnections(() =>
        {
            // Time for the others to come in.
            Interlocked.Increment(ref made);
            Thread.Sleep(50);
            return new Answering(() => Interlocked.Increment(ref closed));
        }))
        {
            await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    return SendAsync(connections);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        }

        Assert.Equal((1, 1), (made, closed));
    }

    [Fact]
    public async Task Handler_that_cannot_be_made_is_made_by_the_next_request()
    {
        var made = 0;
        using var connections = new UpstreamConnections(() =>
            ++made == 1 ? throw new FileNotFoundException() : new Answering(static () => { }));

        await Assert.ThrowsAsync<FileNotFoundException>(() => SendAsync(connections));
        await SendAsync(connections);
        Assert.Equal(2, made);
    }

    private static async Task SendAsync(UpstreamConnections connections)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/");
        using var response = await connections.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class Answering(Action closed) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());

        protected override void Dispose(bool disposing)
        {
            closed();
            base.Dispose(disposing);
        }
    }
}
