using System.Text;
using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>Answers that are no HTTP, or HTTP that two readers could read in two ways. Both ways to a backend must hold.</summary>
public sealed class MalformedAnswerTests
{
    /// <summary>There is no answer: the head is none, or its end never came.</summary>
    private const string None = "no answer";

    /// <summary>The head is good; the body is not.</summary>
    private const string Broken = "broken";

    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Chunks = Ok + "Transfer-Encoding: chunked\r\n\r\n";

    private static readonly Dictionary<string, (string Response, string Plain, string Client)> Cases = new(StringComparer.Ordinal)
    {
        ["no digit in the status"] = Same("HTTP/1.1 2x0 OK\r\n\r\n", None),
        ["a status of two digits"] = Same("HTTP/1.1 20\r\n\r\n", None),
        ["a status of four digits"] = Same("HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok", None),
        ["no space before the status"] = Same("HTTP/1.1\t200 OK\r\nContent-Length: 2\r\n\r\nok", None),
        ["no words behind the status"] = Same("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ["HTTP/2"] = Same("HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok", None),
        ["small letters"] = Same("http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", None),
        ["another protocol"] = Same("ICY 200 OK\r\nContent-Length: 2\r\n\r\nok", None),
        ["HTTP/0.9: a page without a head"] = Same("<html>hello</html>", None),
        ["nothing"] = Same("", None),
        ["half a status line"] = Same("HTTP/1.1 20", None),
        ["half a head"] = Same(Ok + "Content-Length: 2", None),
        ["a head without its last line"] = Same(Ok + "Content-Length: 2\r\n", None),
        ["an empty line first"] = Same("\r\n" + Ok + "Content-Length: 2\r\n\r\nok", None),
        ["NUL in the status line"] = Same("HTTP/1.1 200 O\0K\r\nContent-Length: 2\r\n\r\nok", None),
        ["NUL in a header"] = Same(Ok + "X: a\0b\r\nContent-Length: 2\r\n\r\nok", None, "ok"),
        ["a lone CR in a header"] = Same(Ok + "X: a\rContent-Length: 99\r\nContent-Length: 2\r\n\r\nok", None, "ok"),
        ["no colon"] = Same(Ok + "no colon here\r\nContent-Length: 2\r\n\r\nok", None),
        ["no name"] = Same(Ok + ": x\r\nContent-Length: 2\r\n\r\nok", None),
        ["a blank in a name"] = Same(Ok + "Content Length: 9\r\nContent-Length: 2\r\n\r\nok", None),
        ["a blank behind a name"] = Same(Ok + "Content-Length : 2\r\n\r\nok", "ok"),
        ["a header beyond ASCII"] = Same(Ok + "X: \u00e9\u0001\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ["a folded header"] = Same(Ok + "X: a\r\n b\r\n\tc\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ["a folded length"] = Same(Ok + "Content-Length: 1\r\n 2\r\n\r\nok0123456789", None),
        ["a folded status line"] = Same(Ok + " X: a\r\nContent-Length: 2\r\n\r\nok", None),
        ["bare LF in the head"] = Same("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"),
        ["a length twice"] = Same(Ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ["two lengths"] = Same(Ok + "Content-Length: 2\r\nContent-Length: 1\r\n\r\nok", None),
        ["two lengths in one line"] = Same(Ok + "Content-Length: 2, 1\r\n\r\nok", None),
        ["no length in the line"] = Same(Ok + "Content-Length:\r\n\r\nok", None),
        ["a negative length"] = Same(Ok + "Content-Length: -1\r\n\r\nok", None),
        ["a length with a sign"] = Same(Ok + "Content-Length: +2\r\n\r\nok", None),
        ["a length with a letter"] = Same(Ok + "Content-Length: 2a\r\n\r\nok", None),
        ["a hexadecimal length"] = Same(Ok + "Content-Length: 0x2\r\n\r\nok", None),
        ["a length beyond any number"] = Same(Ok + "Content-Length: 99999999999999999999999\r\n\r\nok", None),
        ["a length beside chunks"] = Same(Ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"),
        ["chunks before a length"] = Same(Ok + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"),
        ["chunked twice"] = Same(Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", None, "ok"),
        ["packed chunks"] = Same(Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", None, "ok"),
        ["an unknown encoding"] = Same(Ok + "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\nok", None, "ok"),
        ["the encoding identity"] = Same(Ok + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", None, "ok"),
        ["chunked in capitals"] = Same(Ok + "Transfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"),
        ["chunks over HTTP/1.0"] = Same("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"),
        ["a size that is none"] = Same(Chunks + "zz\r\nok\r\n0\r\n\r\n", Broken),
        ["no size"] = Same(Chunks + "\r\nok\r\n0\r\n\r\n", Broken),
        ["a negative size"] = Same(Chunks + "-2\r\nok\r\n0\r\n\r\n", Broken),
        ["a size with 0x"] = Same(Chunks + "0x2\r\nok\r\n0\r\n\r\n", Broken),
        ["a blank before a size"] = Same(Chunks + " 2\r\nok\r\n0\r\n\r\n", Broken),
        ["a blank behind a size"] = Same(Chunks + "2 \t\r\nok\r\n0\r\n\r\n", "ok"),
        ["a size beyond any number"] = Same(Chunks + "fffffffffffffffff\r\nok\r\n0\r\n\r\n", Broken),
        ["an extension"] = Same(Chunks + "2;a=\"b c\"\r\nok\r\n0;d\r\n\r\n", "ok"),
        ["an extension without a semicolon"] = Same(Chunks + "2 a\r\nok\r\n0\r\n\r\n", Broken),
        ["bare LF in an extension"] = Same(Chunks + "2;a\nok\r\n0\r\n\r\n", Broken, "ok"),
        ["bare LF behind a size"] = Same(Chunks + "2\nok\r\n0\r\n\r\n", Broken, "ok"),
        ["bare LF behind a chunk"] = Same(Chunks + "2\r\nok\n0\r\n\r\n", Broken, "ok"),
        ["a chunk longer than its size"] = Same(Chunks + "1\r\nok\r\n0\r\n\r\n", Broken),
        ["a chunk shorter than its size"] = Same(Chunks + "3\r\nok\r\n0\r\n\r\n", Broken, "ok\r"),
        ["no last chunk"] = Same(Chunks + "2\r\nok\r\n", Broken),
        ["half a last chunk"] = Same(Chunks + "2\r\nok\r\n0\r\n", Broken),
        ["trailers"] = Same(Chunks + "2\r\nok\r\n0\r\nContent-Length: 99\r\nX: y\r\n\r\n", "ok"),
        ["trailers without end"] = Same(Chunks + "2\r\nok\r\n0\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 20_000)) + "\r\n", Broken),
        ["a chunk line without end"] = Same(Chunks + "2;" + new string('a', 100_000) + "\r\nok\r\n0\r\n\r\n", Broken),
        ["a body cut off"] = Same(Ok + "Content-Length: 3\r\n\r\nok", Broken),
        ["no length: the connection's end"] = Same(Ok + "\r\nok", "ok"),
        ["more than the length"] = Same(Ok + "Content-Length: 2\r\n\r\nok" + Ok + "Content-Length: 3\r\n\r\nbad", "ok"),
        ["more than the last chunk"] = Same(Chunks + "2\r\nok\r\n0\r\n\r\n" + Ok + "Content-Length: 3\r\n\r\nbad", "ok"),
        ["a body behind 204"] = Same("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok", ""),
        ["a body behind 304"] = Same("HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\nok", ""),
        ["a header above the limit"] = Same(Ok + "X: " + new string('a', 70_000) + "\r\nContent-Length: 2\r\n\r\nok", None),
        ["headers above the limit"] = Same(Ok + string.Concat(Enumerable.Repeat("X: y\r\n", 20_000)) + "Content-Length: 2\r\n\r\nok", None),
        ["a status line above the limit"] = Same("HTTP/1.1 200 " + new string('a', 70_000) + "\r\nContent-Length: 2\r\n\r\nok", None),
        ["some interim answers"] = Same(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 50)) + Ok + "Content-Length: 2\r\n\r\nok", "ok"),
        ["a flood of interim answers"] = Same(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20_000)) + Ok + "Content-Length: 2\r\n\r\nok", None),
    };

    public static TheoryData<string, bool> Names => Both(Cases.Keys);

    /// <summary>Without those that are above a limit: sent byte by byte they would take long, and be no other case.</summary>
    public static TheoryData<string, bool> NamesOfShort => Both(Cases.Keys.Where(name => Cases[name].Response.Length <= 10_000));

    private static TheoryData<string, bool> Both(IEnumerable<string> names)
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in names)
        {
            data.Add(name, true);
            data.Add(name, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answer_is_read_as_it_must_be_and_nothing_of_it_is_an_answer_to_the_next_request(string name, bool isPlain)
    {
        var (response, plain, client) = Cases[name];
        await using var server = SocketServer.Sending(response);
        using var way = SocketServer.Way(isPlain, server.Backend);

        Assert.Equal(isPlain ? plain : client, await AskAsync(way, server.Request()));

        // What came behind an answer, or instead of one, is no answer to the next request.
        Assert.Equal(isPlain ? plain : client, await AskAsync(way, server.Request()));
    }

    [Theory]
    [MemberData(nameof(NamesOfShort))]
    public async Task Answer_that_comes_byte_by_byte_is_read_the_same(string name, bool isPlain)
    {
        var (response, plain, client) = Cases[name];
        await using var server = SocketServer.Start(async call =>
        {
            call.Client.NoDelay = true;
            foreach (var character in response)
            {
                await call.WriteAsync(character.ToString());
            }

            return false;
        });
        using var way = SocketServer.Way(isPlain, server.Backend);

        Assert.Equal(isPlain ? plain : client, await AskAsync(way, server.Request()));
    }

    [Theory]
    [InlineData(Ok + "X: ", true)]
    [InlineData(Ok + "X: ", false)]
    [InlineData(Chunks + "2;", true)]
    [InlineData(Chunks + "2;", false)]
    [InlineData(Chunks + "0\r\nX: ", true)]
    [InlineData(Chunks + "0\r\nX: ", false)]
    public async Task Line_without_end_is_not_read_without_end(string begin, bool isPlain)
    {
        var written = 0L;
        await using var server = SocketServer.Start(async call =>
        {
            await call.WriteAsync(begin);
            var line = new string('a', 64 * 1024);
            while (true)
            {
                await call.WriteAsync(line);
                Interlocked.Add(ref written, line.Length);
            }
        });
        using var way = SocketServer.Way(isPlain, server.Backend);

        Assert.Contains(await AskAsync(way, server.Request()), (string[])[None, Broken]);

        // What the sockets of both ends take in, and no more.
        Assert.True(Interlocked.Read(ref written) < 32 * 1024 * 1024);
    }

    private static (string Response, string Plain, string Client) Same(string response, string plain, string? client = null) =>
        (response, plain, client ?? plain);

    private static async Task<string> AskAsync(IUpstream way, UpstreamRequest request)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        UpstreamResponse response;
        try
        {
            response = await way.SendAsync(request, deadline.Token);
        }
        catch (HttpRequestException)
        {
            return None;
        }

        using (response)
        {
            try
            {
                using var body = new MemoryStream();
                await response.Body.CopyToAsync(body, deadline.Token);
                return Encoding.Latin1.GetString(body.ToArray());
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                return Broken;
            }
        }
    }
}
