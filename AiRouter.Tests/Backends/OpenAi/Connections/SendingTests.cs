using System.Text;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>What goes to a backend, and when; and what comes back while it goes.</summary>
public sealed class SendingTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_ways_send_the_same_request()
    {
        var requests = new List<string[]>();
        foreach (var isPlain in (bool[])[true, false])
        {
            await using var server = SocketServer.Sending(Ok);
            using var way = SocketServer.Way(isPlain, server.Backend);
            var own = new OwnHeaders(new BackendModel(
                "b", server.Backend, new BackendCredential(CredentialKind.Own, "secret"), [new("X-Own", "1"), new("User-Agent", "mine")]));
            var address = new UpstreamAddress(new Uri(server.Backend.Url, "/v1/chat%2Fx?a=%20b"));
            var request = new UpstreamRequest("POST", address, own) { Content = new Bytes(5) };
            request.Add("X-Stainless-OS", "Caf\u00e9");
            request.Add("x-own", "not this");
            request.Add("X-Split", "a\r\nX-Smuggled: b");
            request.Add("X-None", "");
            using var response = await way.SendAsync(request, Ends);
            requests.Add([.. server.LastRequest.Replace(server.Backend.Url.Authority, "host", StringComparison.Ordinal)
                .Split("\r\n").Order(StringComparer.OrdinalIgnoreCase)]);
        }

        Assert.Equal(requests[1], requests[0]);
        Assert.Equal(
            [
                "", "Accept-Encoding: identity", "Authorization: Bearer secret", "Content-Length: 5", "Content-Type: application/json",
                "Host: host", "POST /v1/chat%2Fx?a=%20b HTTP/1.1", "User-Agent: mine", "X-Own: 1",
                "X-Stainless-OS: " + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Caf\u00e9")), "xxxxx",
            ],
            requests[0]);
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("GET", false)]
    [InlineData("DELETE", false)]
    public async Task Request_without_a_body_says_so_only_where_one_is_expected(string method, bool says)
    {
        await using var server = SocketServer.Sending(Ok);
        using var way = SocketServer.Way(isPlain: true, server.Backend);

        using var response = await way.SendAsync(server.Request(method), Ends);

        Assert.Equal(says, server.LastRequest.Contains("Content-Length: 0\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 3_000_000, 100_000)]
    [InlineData(true, 3_000_000, 100)]
    [InlineData(true, 70_000, 7)]
    [InlineData(true, 64 * 1024, 1000)]
    [InlineData(false, 3_000_000, 100_000)]
    public async Task Large_body_arrives_whole(bool isPlain, int length, int piece)
    {
        await using var server = SocketServer.Sending(Ok, keeps: true);
        using var way = SocketServer.Way(isPlain, server.Backend);

        for (var i = 0; i < 2; i++)
        {
            var content = new Bytes(length, piece);
            using var response = await way.SendAsync(server.Request("POST", content), Ends);
            using var reader = new StreamReader(response.Body);
            Assert.Equal("ok", await reader.ReadToEndAsync(Ends));
            await content.ReleasedAsync().WaitAsync(Eventually.Deadline, Ends);
            Assert.Equal(length, server.LastRequest.Length - server.LastRequest.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4);
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Answer_may_come_before_the_body_was_sent_and_then_nothing_more_of_it_is_read()
    {
        await using var server = SocketServer.Start(async call =>
        {
            // Not one byte of the body is read; what both sockets hold is far less than it has.
            await call.WriteAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            await Task.Delay(Timeout.Infinite, call.Stopping);
            return false;
        }, readsBody: false);
        using var way = SocketServer.Way(isPlain: true, server.Backend);
        var content = new Bytes(100_000_000);

        using (var response = await way.SendAsync(server.Request("POST", content), Ends))
        {
            Assert.Equal(413, response.Status);
            Assert.False(content.ReleasedAsync().IsCompleted);
        }

        await content.ReleasedAsync().WaitAsync(Eventually.Deadline, Ends);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_that_cannot_be_read_fails_the_request(bool isPlain)
    {
        await using var server = SocketServer.Sending(Ok);
        using var way = SocketServer.Way(isPlain, server.Backend);
        var content = new Unreadable();

        await Assert.ThrowsAsync<HttpRequestException>(async () => await way.SendAsync(server.Request("POST", content), Ends));

        await content.ReleasedAsync().WaitAsync(Eventually.Deadline, Ends);
        await Eventually.HoldsAsync(() => server.Open == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_that_is_cancelled_while_it_is_sent_lets_go_of_its_body(bool isPlain)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = SocketServer.Start(async call =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, call.Stopping);
            return false;
        }, readsBody: false);
        using var way = SocketServer.Way(isPlain, server.Backend);
        var content = new Bytes(100_000_000);
        using var cancellation = new CancellationTokenSource();

        var sending = way.SendAsync(server.Request("POST", content), cancellation.Token).AsTask();
        await begun.Task.WaitAsync(Eventually.Deadline, Ends);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await content.ReleasedAsync().WaitAsync(Eventually.Deadline, Ends);
    }

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\n", "tick", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "4\r\ntick\r\n", "0\r\n\r\n")]
    [InlineData("Connection: close\r\n\r\n", "tick", "")]
    public async Task Read_into_no_memory_waits_for_bytes_and_takes_none(string framing, string bytes, string end)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = SocketServer.Start(async call =>
        {
            await call.WriteAsync("HTTP/1.1 200 OK\r\nopenai-version: v1\r\nopenai-version: v2\r\nContent-Type: a/b\r\n" + framing);
            await go.Task;
            await call.WriteAsync(bytes + end);
            return false;
        });
        using var way = SocketServer.Way(isPlain: true, server.Backend);
        using var response = await way.SendAsync(server.Request(), Ends);

        var waiting = response.Body.ReadAsync(Memory<byte>.Empty, Ends);
        Assert.False(waiting.IsCompleted);
        go.TrySetResult();
        Assert.Equal(0, await waiting);

        // The memory in which the head lay has gone back.
        Assert.Equal("v1, v2", response.Header(ResponseHeader.ApiVersion));
        Assert.Equal("a/b", response.Header(ResponseHeader.ContentType));
        Assert.Null(response.Header(ResponseHeader.ContentDisposition));
        using var reader = new StreamReader(response.Body);
        Assert.Equal("tick", await reader.ReadToEndAsync(Ends));
        Assert.Equal(0, await response.Body.ReadAsync(Memory<byte>.Empty, Ends));
    }

    [Theory]
    [InlineData("http://[::1]:8000/v1", "[::1]:8000", "::1", 8000)]
    [InlineData("http://b\u00fccher.example/v1", "xn--bcher-kva.example", "xn--bcher-kva.example", 80)]
    [InlineData("http://10.0.0.1:80/v1", "10.0.0.1", "10.0.0.1", 80)]
    public void Server_is_named_as_it_must_be(string url, string authority, string host, int port)
    {
        var address = new UpstreamAddress(new Uri(url));

        Assert.Equal((authority, host, port), (address.Authority, address.EndPoint.Host, address.EndPoint.Port));
    }

    private sealed class Unreadable : ForwardedContent
    {
        public override string? ContentType => null;

        public override long Length => 1_000_000;

        protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[100_000], cancellationToken);
            throw new IOException("The file has gone.");
        }
    }
}
