using System.Buffers;

namespace AiRouter.Api.Streaming;

/// <summary>One server-sent event, read from the bytes of its frame; comments, ids and retry hints are left behind.</summary>
internal readonly ref struct EventFrame
{
    /// <summary>The frame as it came.</summary>
    public ReadOnlySpan<byte> Raw { get; private init; }

    /// <summary>The event's name; empty when it has none.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>The data, of several lines joined by blanks (JSON has line breaks only where blanks may stand too).</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>Whether it has data at all; a frame of comments has none.</summary>
    public bool HasData { get; private init; }

    /// <summary>The stream's regular end.</summary>
    public bool IsDone => Data.Trim((byte)' ').SequenceEqual("[DONE]"u8);

    /// <summary>Reads a frame. Allocates nothing but for data of several lines, which no backend sends token by token.</summary>
    public static EventFrame Read(ReadOnlySpan<byte> raw)
    {
        var name = default(ReadOnlySpan<byte>);
        var data = default(ReadOnlySpan<byte>);
        var joined = (ArrayBufferWriter<byte>?)null;
        var hasData = false;
        var rest = raw;
        while (!rest.IsEmpty)
        {
            var line = NextLine(ref rest);
            if (TryField(line, "data"u8, out var value))
            {
                if (hasData)
                {
                    joined ??= Begin(data);
                    joined.Write(" "u8);
                    joined.Write(value);
                }
                else
                {
                    data = value;
                    hasData = true;
                }
            }
            else if (TryField(line, "event"u8, out value))
            {
                name = value;
            }
        }

        return new EventFrame { Raw = raw, Name = name, Data = joined is null ? data : joined.WrittenSpan, HasData = hasData };
    }

    private static ArrayBufferWriter<byte> Begin(ReadOnlySpan<byte> data)
    {
        // The first line may be empty, and the writer takes no capacity of nothing.
        var joined = new ArrayBufferWriter<byte>(Math.Max(data.Length * 2, 256));
        joined.Write(data);
        return joined;
    }

    /// <summary>Takes the next line off <paramref name="rest"/>.</summary>
    public static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
        {
            var last = rest;
            rest = default;
            return last;
        }

        var line = rest[..end];
        rest = rest[(end + 1)..];
        return line;
    }

    /// <summary>Whether the line is this field; <paramref name="value"/> is what stands behind its colon.</summary>
    public static bool TryField(ReadOnlySpan<byte> line, scoped ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!line.StartsWith(name))
        {
            return false;
        }

        line = line[name.Length..];
        if (line.IsEmpty)
        {
            return true;
        }

        if (line[0] != ':')
        {
            return false;
        }

        value = line.Length > 1 && line[1] == ' ' ? line[2..] : line[1..];
        return true;
    }
}
