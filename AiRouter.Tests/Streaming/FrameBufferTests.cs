using System.Text;
using AiRouter.Api.Streaming;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Streaming;

public sealed class FrameBufferTests
{
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];
    private static readonly string[] Lines = ["data: {\"a\":1}", "event: x", ": ping", "data:", "data: zwei Wörter", "id: 7", "data: [DONE]"];

    [Property(MaxTest = 300)]
    public Property Any_chunking_gives_the_same_events()
    {
        var frame = Gen.NonEmptyListOf(Gen.Elements(Lines));
        var stream =
            from end in Gen.Elements(LineEnds)
            from frames in Gen.ListOf(frame)
            select string.Concat(frames.Select(f => string.Concat(f.Select(l => l + end)) + end));
        var cuts = Gen.ListOf(Gen.Choose(1, 9));
        return Prop.ForAll(stream.ToArbitrary(), cuts.ToArbitrary(), (text, sizes) =>
        {
            var whole = Read(text, [text.Length]);
            var pieces = Read(text, [.. sizes]);
            var expected = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length;
            return whole.SequenceEqual(pieces) && whole.Count == expected;
        });
    }

    [Fact]
    public void Byte_order_mark_is_no_part_of_the_first_line() =>
        Assert.Equal(["data: x"], Read("\uFEFFdata: x\n\n", [1]).Select(f => f.Trim()));

    [Fact]
    public void Last_event_without_a_blank_line_is_read_at_the_end()
    {
        using var buffer = new FrameBuffer();
        Fill(buffer, "data: x"u8);

        Assert.False(buffer.TryRead(out _));
        Assert.True(buffer.TryReadRest(out var rest));
        Assert.Equal("data: x", Encoding.UTF8.GetString(rest));
        Assert.False(buffer.TryReadRest(out _));
    }

    [Fact]
    public void Frame_without_end_has_no_more_space_at_the_limit()
    {
        using var buffer = new FrameBuffer();
        var total = 0;
        while (buffer.Space() is { IsEmpty: false } space)
        {
            space.Span.Fill((byte)'x');
            buffer.Advance(space.Length);
            Assert.False(buffer.TryRead(out _));
            total += space.Length;
        }

        Assert.Equal(FrameBuffer.MaxFrame, total);
    }

    private static List<string> Read(string text, int[] sizes)
    {
        using var buffer = new FrameBuffer();
        var rest = Encoding.UTF8.GetBytes(text).AsSpan();
        var frames = new List<string>();
        for (var i = 0; !rest.IsEmpty; i++)
        {
            var size = Math.Min(rest.Length, sizes.Length == 0 ? 1 : sizes[i % sizes.Length]);
            Fill(buffer, rest[..size]);
            rest = rest[size..];
            while (buffer.TryRead(out var frame))
            {
                frames.Add(Encoding.UTF8.GetString(frame).ReplaceLineEndings("\n").TrimEnd('\n'));
            }
        }

        if (buffer.TryReadRest(out var last))
        {
            frames.Add(Encoding.UTF8.GetString(last).ReplaceLineEndings("\n").TrimEnd('\n'));
        }

        return frames;
    }

    private static void Fill(FrameBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = buffer.Space().Span;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            buffer.Advance(count);
            bytes = bytes[count..];
        }
    }
}
