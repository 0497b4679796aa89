using System.Text;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Upstreams.Raw;

namespace AiRouter.Tests.Benchmarks.Comparison;

/// <summary>What the load client understands of HTTP and of streams: a figure is worth nothing when it counts what did
/// not come.</summary>
public sealed class AnswerReaderTests
{
    private static readonly byte[] _stream =
        [.. RawAnswers.StreamHead, .. RawAnswers.Event, .. RawAnswers.Event, .. RawAnswers.StreamEndWithUsage];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void Answer_in_pieces_of_any_size_is_read_to_its_end(int size)
    {
        var reader = Read(RawAnswers.Chat, size);

        Assert.True(reader.IsComplete);
        Assert.Equal(200, reader.Status);
        Assert.Equal(RawAnswers.Chat.Length - RawAnswers.Chat.AsSpan().IndexOf("\r\n\r\n"u8) - 4, reader.BodyLength);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Stream_in_pieces_of_any_size_has_all_its_events(int size)
    {
        var reader = Read(_stream, size);

        Assert.True(reader.IsComplete);
        Assert.Equal(5, reader.Events.Events);
        Assert.True(reader.Events.IsDone);
        Assert.False(reader.Events.HasError);
    }

    [Fact]
    public void Stream_that_is_cut_is_no_answer()
    {
        var reader = Read(_stream.AsSpan(0, _stream.Length - 5), 100_000);
        Assert.False(reader.IsComplete);

        reader.End();
        Assert.True(reader.IsBroken);
    }

    [Fact]
    public void Error_event_and_comment_lines_are_told_from_data()
    {
        var reader = Read("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n: keep-alive\n\ndata: {\"error\":{}}\n\n"u8, 100_000);
        Assert.False(reader.IsComplete);

        reader.End();
        Assert.True(reader.IsComplete);
        Assert.True(reader.Closes);
        Assert.True(reader.Events.HasError);
        Assert.Equal(1, reader.Events.Events);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nCONTENT-LENGTH: 0\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 9\r\n\r\n2;x=y\r\nok\r\n0\r\nTrailer: x\r\n\r\n", 200)]
    public void Other_forms_of_answers_are_complete(string answer, int status)
    {
        var reader = Read(Encoding.ASCII.GetBytes(answer), 2);

        Assert.True(reader.IsComplete);
        Assert.Equal(status, reader.Status);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n")]
    public void What_is_no_answer_is_broken(string answer) => Assert.True(Read(Encoding.ASCII.GetBytes(answer), 100).IsBroken);

    [Fact]
    public void Delay_of_a_chunk_is_the_time_since_it_was_stamped()
    {
        var chunk = RawAnswers.Event.ToArray();
        RawAnswers.Stamp(chunk.AsSpan(RawAnswers.StampAt), 5_000_000_000);
        var delays = new SlicedLatency();
        var reader = new AnswerReader();

        reader.Read(RawAnswers.StreamHead, delays, 0);
        reader.Read(chunk, delays, 5_000_250_000);

        Assert.Equal(250, delays.ToPercentiles().Max);
    }

    private static AnswerReader Read(ReadOnlySpan<byte> answer, int size)
    {
        var reader = new AnswerReader();
        for (; answer.Length > 0; answer = answer[Math.Min(size, answer.Length)..])
        {
            reader.Read(answer[..Math.Min(size, answer.Length)], null, 0);
        }

        return reader;
    }
}
