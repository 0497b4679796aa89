using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Security;

/// <summary>
/// Requests that two readers could take for different ones: either refused, and the connection ended, or read as one request whose
/// end is beyond doubt. What was hidden in it never becomes a request, here or at a backend.
/// </summary>
public sealed class SmugglingTests
{
    private const string Body = """{"model":"public-model","messages":[{"role":"user","content":"first"}]}""";
    private const string HiddenBody = """{"model":"public-model","messages":[{"role":"user","content":"HIDDEN"}]}""";
    private static readonly string Hidden =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nConnection: close\r\n" +
        $"Content-Length: {HiddenBody.Length}\r\n\r\n{HiddenBody}";

    private static readonly string Chunked = $"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n";
    private static readonly string BodyLength = $"Content-Length: {Body.Length}\r\n";

    /// <summary>Headers and what stands behind them. All of them are refused.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { "two lengths", BodyLength + "Content-Length: 5\r\n", Body },
        { "the same length twice", BodyLength + BodyLength, Body },
        { "a list of lengths", $"Content-Length: {Body.Length}, {Body.Length}\r\n", Body },
        { "a negative length", "Content-Length: -1\r\n", Body },
        { "a hexadecimal length", $"Content-Length: 0x{Body.Length:x}\r\n", Body },
        { "no length", "Content-Length: \r\n", Body },
        { "a length beyond all numbers", "Content-Length: 99999999999999999999\r\n", Body },
        { "length and chunks", BodyLength + "Transfer-Encoding: chunked\r\n", Chunked },
        { "length and chunks, the length first in effect", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" },
        { "a coding that nobody knows", "Transfer-Encoding: xchunked\r\n", Chunked },
        { "chunks that are not last", "Transfer-Encoding: chunked, identity\r\n", Chunked },
        { "a coding before the chunks", "Transfer-Encoding: gzip, chunked\r\n", Chunked },
        { "identity", BodyLength + "Transfer-Encoding: identity\r\n", Body },
        { "a quoted coding", "Transfer-Encoding: \"chunked\"\r\n", Chunked },
        { "chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Chunked },
        { "chunks and identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", Chunked },
        { "a blank before the colon", BodyLength + "Transfer-Encoding : chunked\r\n", Chunked },
        { "a vertical tab before the coding", BodyLength + "Transfer-Encoding:\vchunked\r\n", Chunked },
        { "a folded header", BodyLength + "X-A: b\r\n Transfer-Encoding: chunked\r\n", Chunked },
        { "a folded coding", "Transfer-Encoding:\r\n chunked\r\n", Chunked },
        { "a header without a colon", BodyLength + "Transfer-Encoding\r\n", Body },
        { "a header without a name", BodyLength + ": chunked\r\n", Body },
        { "a control character in a name", BodyLength + "Transfer\u0001-Encoding: chunked\r\n", Body },
        { "a NUL in a value", BodyLength + "X-A: a\0b\r\n", Body },
        { "a bare CR in a value", BodyLength + "X-A: a\rTransfer-Encoding: chunked\r\n", Body },
        { "a chunk size with a prefix", "Transfer-Encoding: chunked\r\n", $"0x{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "a negative chunk size", "Transfer-Encoding: chunked\r\n", "-1\r\nx\r\n0\r\n\r\n" },
        { "a chunk size beyond all numbers", "Transfer-Encoding: chunked\r\n", $"fffffffffffffffff{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "a chunk longer than its size", "Transfer-Encoding: chunked\r\n", $"5\r\n{Body}\r\n0\r\n\r\n" },
        { "a bare LF behind a chunk size", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x}\n{Body}\r\n0\r\n\r\n" },
        { "a bare LF in a chunk extension", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x};a\nb\r\n{Body}\r\n0\r\n\r\n" },
        { "a bare CR in a chunk extension", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x};a\rb\r\n{Body}\r\n0\r\n\r\n" },
        { "a bare LF behind a chunk", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x}\r\n{Body}\n0\r\n\r\n" },
        { "two hosts", BodyLength + "Host: other\r\n", Body },
    };

    /// <summary>What has one meaning only: it is read, and the request behind it is one of its own.</summary>
    public static TheoryData<string, string, string> Plain => new()
    {
        { "a length", BodyLength, Body },
        { "a length with a sign, which Kestrel takes for none", $"Content-Length: +{Body.Length}\r\n", Body },
        { "a length with leading zeros", $"Content-Length: 000{Body.Length}\r\n", Body },
        { "chunks", "Transfer-Encoding: chunked\r\n", Chunked },
        { "chunks in capitals", "TRANSFER-ENCODING: Chunked\r\n", Chunked },
        { "chunks with extensions", "Transfer-Encoding: chunked\r\n", $"{Body.Length:X};a=b;c=\"d;e\"\r\n{Body}\r\n0;last\r\n\r\n" },
        { "many chunks", "Transfer-Encoding: chunked\r\n", string.Concat(Body.Select(c => $"1\r\n{c}\r\n")) + "0\r\n\r\n" },
        { "a trailer", "Transfer-Encoding: chunked\r\n", Chunked[..^2] + "Authorization: Bearer x\r\nContent-Length: 3\r\nHost: evil\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Request_with_two_readings_is_refused_and_what_is_hidden_in_it_never_runs(string what, string headers, string rest)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var received = await AskAsync(router, Head(headers) + rest + Hidden);

        Assert.True(RawConnection.Statuses(received) is [400] or [501], $"{what}: {received}");
        Assert.Empty(upstream.Requests);
        Assert.Empty(upstream.Problems);
    }

    [Theory]
    [MemberData(nameof(Plain))]
    public async Task Request_with_one_reading_reaches_the_backend_framed_by_its_length(string what, string headers, string rest)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var received = await AskAsync(router, Head(headers) + rest + Hidden);

        Assert.True(RawConnection.Statuses(received) is [200, 200], $"{what}: {received}");
        Assert.Empty(upstream.Problems);
        Assert.Equal(["first", "HIDDEN"], upstream.Requests.Select(r => r.Body.Contains("first", StringComparison.Ordinal) ? "first" : "HIDDEN"));
        Assert.All(upstream.Requests, r =>
        {
            Assert.Equal($"{Encoding.UTF8.GetByteCount(r.Body)}", r.Header("Content-Length"));
            Assert.Null(r.Header("Transfer-Encoding"));
            Assert.Null(r.Header("Authorization"));
            Assert.Equal(upstream.Url.Authority, r.Header("Host"));
        });
    }

    [Theory]
    [InlineData("GET /v1/models\r\n")]
    [InlineData("GET /v1/models\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/0.9\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.2\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/2.0\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/models http/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET  /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1 \r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: a@b\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: a/b\r\n\r\n")]
    [InlineData("GET v1/models HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("G\u0001T /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\0GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    public async Task Odd_request_line_is_refused_and_the_connection_ends(string request)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var received = await AskAsync(router, request);

        Assert.True(RawConnection.Statuses(received) is [>= 400 and <= 505] or [], received);
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task Request_of_http_1_0_ends_its_connection()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var received = await AskAsync(
            router, $"POST /v1/chat/completions HTTP/1.0\r\nContent-Type: application/json\r\n{BodyLength}\r\n{Body}{Hidden}");

        Assert.Equal([200], RawConnection.Statuses(received));
        Assert.Contains("first", Assert.Single(upstream.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_is_refused_unread_is_no_request()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream, "server: { authentication: required }");

        // 401 before the body is read; what is in it looks like a request, and what is behind it is one.
        var received = await AskAsync(
            router,
            Head($"Content-Length: {Hidden.Length}\r\n") + Hidden +
            "GET /nowhere HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

        Assert.Equal([401, 404], RawConnection.Statuses(received));
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task Upgrade_is_not_taken()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        var received = await AskAsync(
            router, Head(BodyLength + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n") + Body);

        Assert.Equal([200], RawConnection.Statuses(received));
        Assert.Null(Assert.Single(upstream.Requests).Header("Upgrade"));
        Assert.Null(upstream.Requests.Single().Header("HTTP2-Settings"));
    }

    private static string Head(string headers) =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n{headers}\r\n";

    private static async Task<string> AskAsync(RunningRouter router, string request)
    {
        using var connection = await RawConnection.OpenAsync(router.Root);
        await connection.SendAsync(request);
        return await connection.ReadUntilClosedAsync();
    }

    private static Task<RunningRouter> StartAsync(StrictUpstream upstream, string more = "") => RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{upstream.Url}} } }
        models: { public-model: { targets: [ { backend: upstream, model: backend-model } ] } }
        {{more}}
        """);
}
