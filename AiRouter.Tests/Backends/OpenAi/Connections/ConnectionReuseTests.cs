using System.Text;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>Which connection a request goes over, and what becomes of it.</summary>
public sealed class ConnectionReuseTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData(Ok, 1)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 1)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 1)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 1)]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nok", 1)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 1)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 3)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 3)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: Upgrade, CLOSE\r\nContent-Length: 2\r\n\r\nok", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n!", 3)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n!", 3)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 3)]
    public async Task Connection_is_used_again_after_an_answer_that_leaves_no_doubt(string response, int connections)
    {
        await using var server = SocketServer.Sending(response, keeps: true);
        using var way = SocketServer.Way(isPlain: true, server.Backend);

        for (var i = 0; i < 3; i++)
        {
            await AskAsync(way, server.Request("POST"));
        }

        Assert.Equal((connections, 3), (server.Connections, server.Requests));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_come_behind_an_answer_are_no_answer_to_the_next_request(bool isPlain)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = SocketServer.Start(async call =>
        {
            await call.WriteAsync(Ok);
            if (call.Number == 1)
            {
                await call.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
                sent.TrySetResult();
            }

            return true;
        });
        using var way = SocketServer.Way(isPlain, server.Backend);

        Assert.Equal("ok", await AskAsync(way, server.Request("POST")));
        await sent.Task;
        Assert.Equal("ok", await AskAsync(way, server.Request("POST")));
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_that_was_closed_while_idle_is_replaced(bool isPlain)
    {
        await using var server = SocketServer.Sending(Ok);
        using var way = SocketServer.Way(isPlain, server.Backend);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await AskAsync(way, server.Request()));
        }

        Assert.Equal(5, server.Connections);
    }

    [Theory]
    [InlineData(true, "GET", true)]
    [InlineData(false, "GET", true)]
    [InlineData(true, "POST", false)]
    [InlineData(false, "POST", false)]
    public async Task Connection_that_closes_as_a_request_comes_repeats_only_what_may_be_asked_twice(
        bool isPlain, string method, bool isRepeated)
    {
        await using var server = SocketServer.Start(async call =>
        {
            await call.WriteAsync(Ok);
            if (call.Number > 1)
            {
                return true;
            }

            // The next request has come, and gets no answer.
            await call.ReadAsync();
            return false;
        });
        using var way = SocketServer.Way(isPlain, server.Backend);
        Assert.Equal("ok", await AskAsync(way, server.Request("GET")));

        var content = method == "POST" ? new Bytes(10) : null;
        if (isRepeated)
        {
            Assert.Equal("ok", await AskAsync(way, server.Request(method, content)));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(way, server.Request(method, content)));
        }
    }

    [Fact]
    public async Task Connection_ends_after_its_idle_time_and_its_lifetime()
    {
        var clock = new FakeTimeProvider();
        await using var server = SocketServer.Sending(Ok, keeps: true);
        using var way = SocketServer.Way(isPlain: true, server.Backend, clock);

        await AskAsync(way, server.Request());
        clock.Advance(TimeSpan.FromSeconds(40));
        await AskAsync(way, server.Request());
        Assert.Equal(1, server.Connections);

        // Nobody needs to ask for it to end.
        clock.Advance(TimeSpan.FromSeconds(70));
        await Eventually.HoldsAsync(() => server.Open == 0);
        for (var i = 0; i < 16; i++)
        {
            await AskAsync(way, server.Request());
            clock.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task Requests_above_the_number_of_connections_wait_and_one_that_gives_up_leaves_the_line()
    {
        using var go = new SemaphoreSlim(0);
        await using var server = SocketServer.Start(async call =>
        {
            await go.WaitAsync(call.Stopping);
            await call.WriteAsync(Ok);
            return call.Number != 1;
        });
        using var way = SocketServer.Way(isPlain: true, server.Backend with { MaxConnectionsPerReplica = 2 });
        using var givesUp = new CancellationTokenSource();

        var first = AskAsync(way, server.Request());
        var second = AskAsync(way, server.Request());
        var impatient = AskUntilAsync(way, server.Request(), givesUp.Token);
        var rest = Enumerable.Range(0, 4).Select(_ => AskAsync(way, server.Request())).ToArray();
        await Eventually.HoldsAsync(() => server.Requests == 2);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        go.Release(6);

        Assert.All(await Task.WhenAll([first, second, .. rest]), static a => Assert.Equal("ok", a));
        Assert.Equal((3, 6), (server.Connections, server.Requests));
    }

    [Fact]
    public async Task Request_that_was_given_up_before_it_is_sent_costs_no_idle_connection()
    {
        await using var server = SocketServer.Sending(Ok, keeps: true);
        using var way = SocketServer.Way(isPlain: true, server.Backend);
        await AskAsync(way, server.Request());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AskUntilAsync(way, server.Request(), new CancellationToken(canceled: true)));
        await AskAsync(way, server.Request());

        Assert.Equal((1, 2), (server.Connections, server.Requests));
    }

    [Fact]
    public async Task Nobody_waits_for_a_connection_while_one_is_idle()
    {
        await using var server = SocketServer.Sending(Ok, keeps: true);
        using var way = SocketServer.Way(isPlain: true, server.Backend with { MaxConnectionsPerReplica = 1 });

        // One that has just found none, and one that just gives it back: whoever is missed then waits for ever.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                Assert.Equal("ok", await AskAsync(way, server.Request()).WaitAsync(TimeSpan.FromSeconds(30)));
            }
        })));

        Assert.Equal((1, 4000), (server.Connections, server.Requests));
    }

    [Theory]
    [InlineData("at once", 1)]
    [InlineData("later", 1)]
    [InlineData("never", 2)]
    public async Task Answer_that_is_left_gives_its_connection_back_if_its_end_comes_soon(string end, int connections)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = SocketServer.Start(async call =>
        {
            const string begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
            await call.WriteAsync(end == "at once" ? begin + "0\r\n\r\n" : begin);
            if (end == "later")
            {
                await left.Task;
                await call.WriteAsync("0\r\n\r\n");
            }

            return true;
        });

        // There is one connection, so the second request waits until it is known what becomes of it.
        using var way = SocketServer.Way(isPlain: true, server.Backend with { MaxConnectionsPerReplica = 1 });
        await LeaveAsync(way, server.Request());
        left.TrySetResult();
        await LeaveAsync(way, server.Request());

        Assert.Equal((connections, 2), (server.Connections, server.Requests));
    }

    [Fact]
    public async Task Answer_of_which_much_is_missing_costs_its_connection()
    {
        await using var server = SocketServer.Start(async call =>
        {
            await call.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + new string('x', 50_000));
            return true;
        });
        using var way = SocketServer.Way(isPlain: true, server.Backend);

        await LeaveAsync(way, server.Request());

        await Eventually.HoldsAsync(() => server.Open == 0);
    }

    [Fact]
    public async Task Disposed_upstream_closes_its_connections_the_busy_ones_when_they_are_done()
    {
        await using var server = SocketServer.Sending(Ok, keeps: true);
        var way = SocketServer.Way(isPlain: true, server.Backend);
        var response = await way.SendAsync(server.Request(), TestContext.Current.CancellationToken);
        var other = AskAsync(way, server.Request());
        Assert.Equal("ok", await other);

        way.Dispose();
        await Eventually.HoldsAsync(() => server.Open == 1);
        using var reader = new StreamReader(response.Body);
        Assert.Equal("ok", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        response.Dispose();

        await Eventually.HoldsAsync(() => server.Open == 0);
    }

    private static async Task LeaveAsync(IUpstream way, UpstreamRequest request)
    {
        using var response = await way.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Body.ReadExactlyAsync(new byte[2], TestContext.Current.CancellationToken);
    }

    private static Task<string> AskAsync(IUpstream way, UpstreamRequest request) =>
        AskUntilAsync(way, request, TestContext.Current.CancellationToken);

    private static async Task<string> AskUntilAsync(IUpstream way, UpstreamRequest request, CancellationToken cancellationToken)
    {
        using var response = await way.SendAsync(request, cancellationToken);
        using var body = new MemoryStream();
        await response.Body.CopyToAsync(body, cancellationToken);
        return Encoding.Latin1.GetString(body.ToArray());
    }
}
