using System.Text;
using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Tests.Fuzz;

/// <summary>What backends send over plain connections.</summary>
public sealed class AnswerFuzzTests
{
    [Fact]
    public Task Heads_are_refused_or_read_the_same_wherever_they_are_cut() => Fuzzer.RunAsync(
        Bytes(
            "HTTP/1.1 200 OK\r\nDate: Mon\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: keep-alive\r\n\r\n{}",
            "HTTP/1.0 503\nRetry-After: 1\nX-Should-Retry: true\nretry-after-ms: 5\nKeep-Alive: timeout=5, max=9\nConnection: close\n\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: a\r\n b\r\n\tc\r\nopenai-version: 1\r\nopenai-version: 2\r\n\r\n"),
        Bytes("\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.1 ", "99999999999999999999", "-1", "\u00ff"),
        (1 << 16, 200),
        static (input, random) =>
        {
            var whole = Read(input, input.Length);
            Assert.Equal(whole, Read(input, random.Next(input.Length + 1)));
            Assert.Equal(whole, Read(input, random.Next(input.Length + 1)));
        });

    [Fact]
    public Task Chunks_are_refused_or_read_the_same_wherever_they_are_cut() => Fuzzer.RunAsync(
        Bytes("5\r\nhello\r\n0\r\n\r\n", "A;x=\"y\"\r\n0123456789\r\n001 \r\n!\r\n0;z\r\nX: y\r\nZ: \r\n\r\nbehind"),
        Bytes("\r\n", "\n", "\r", "\0", " ", ";", "0\r\n\r\n", "fffffffffffffff", "7fffffffffffffff", "-1", "g", "\u00ff"),
        (1 << 16, 200),
        static (input, random) =>
        {
            var whole = Decode(input, input.Length);
            Assert.Equal(whole, Decode(input, random.Next(input.Length + 1)));
            Assert.Equal(whole, Decode(input, random.Next(input.Length + 1)));
        });

    private static string Read(byte[] input, int cut)
    {
        var received = input.ToArray();
        var head = default(ResponseHead);
        try
        {
            if (!head.TryRead(received.AsSpan(0, cut)) && !head.TryRead(received))
            {
                return "more";
            }
        }
        catch (HttpRequestException)
        {
            return "refused";
        }

        Assert.True(head.Status is >= 100 and <= 999 && head.Length > 0 && head.Length <= input.Length && head.ContentLength is null or >= 0);
        var values = Enumerable.Range(0, ResponseHeaderNames.Count).Select(i => (ResponseHeader)i).Select(h => head.PlaceOf(h) is { } place
            ? Encoding.Latin1.GetString(received.AsSpan(place))
            : "none");
        return $"{head.Status} {head.ContentLength} {head.IsChunked} {head.Closes} {head.KeepAlive} {head.Length} {string.Join('|', values)}";
    }

    private static string Decode(byte[] input, int cut)
    {
        var decoder = default(ChunkDecoder);
        var text = new StringBuilder();
        try
        {
            foreach (var piece in (byte[][])[input[..cut], input[cut..]])
            {
                var length = decoder.Decode(piece, out var used);
                Assert.True(length <= used && used <= piece.Length && (used == piece.Length || decoder.IsWhole));
                text.Append(Encoding.Latin1.GetString(piece, 0, length));
            }
        }
        catch (HttpIOException)
        {
            return "refused";
        }

        return $"{decoder.IsWhole} {text}";
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.Latin1.GetBytes)];
}
