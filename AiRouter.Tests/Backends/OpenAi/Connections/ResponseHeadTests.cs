using System.Text;
using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>Heads and chunks, cut at every place where they could be cut.</summary>
public sealed class ResponseHeadTests
{
    [Fact]
    public void Head_is_the_same_wherever_it_is_cut()
    {
        var bytes = Encoding.Latin1.GetBytes(
            "HTTP/1.1 200 OK\r\nDate: now\r\nCONTENT-TYPE:\ttext/event-stream \r\nretry-after-ms:\r\nX: a\r\n b\r\nOpenAI-Version: 1\r\n" +
            "Content-Encoding: br\r\nX-Other: y\r\nopenai-version: \r\n 2\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 7\r\n\r\n1234567");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var received = bytes.ToArray();
            var head = default(ResponseHead);
            var isWhole = head.TryRead(received.AsSpan(0, cut)) || head.TryRead(received);

            Assert.True(isWhole);
            Assert.Equal((200, 7L, bytes.Length - 7, 5, false, false),
                (head.Status, head.ContentLength, head.Length, head.KeepAlive, head.Closes, head.IsChunked));
            Assert.Equal("text/event-stream", Encoding.Latin1.GetString(received.AsSpan(head.PlaceOf(ResponseHeader.ContentType)!.Value)));
            Assert.Equal("br", Encoding.Latin1.GetString(received.AsSpan(head.PlaceOf(ResponseHeader.ContentEncoding)!.Value)));
            Assert.Equal("", Encoding.Latin1.GetString(received.AsSpan(head.PlaceOf(ResponseHeader.RetryAfterMilliseconds)!.Value)));
            Assert.Null(head.PlaceOf(ResponseHeader.RetryAfter));
            Assert.True(head.IsRepeated(ResponseHeader.ApiVersion));
            Assert.Equal("1, 2", ResponseHead.Gather(received.AsSpan(0, head.Length), "openai-version"));
        }
    }

    [Fact]
    public void Chunks_are_the_same_wherever_they_are_cut()
    {
        const string Chunks = "5\r\nhello\r\n1;a=b\r\n \r\n00A \t\r\n0123456789\r\n0;last\r\nX: y\r\n\r\n";
        var bytes = Encoding.Latin1.GetBytes(Chunks + "more");
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second += 3)
            {
                var decoder = default(ChunkDecoder);
                var text = new StringBuilder();
                var used = 0;
                foreach (var (from, to) in (ReadOnlySpan<(int, int)>)[(0, first), (first, second), (second, bytes.Length)])
                {
                    var piece = bytes[from..to];
                    text.Append(Encoding.Latin1.GetString(piece, 0, decoder.Decode(piece, out var taken)));
                    used += taken;
                }

                Assert.True(decoder.IsWhole);
                Assert.Equal(("hello 0123456789", Chunks.Length), (text.ToString(), used));
            }
        }
    }
}
