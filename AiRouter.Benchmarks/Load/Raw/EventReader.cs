using System.Buffers.Text;
using System.Text;
using AiRouter.Benchmarks.Upstreams.Raw;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>Counts the data events of a stream, in whatever pieces it comes.</summary>
internal sealed class EventReader
{
    private static readonly byte[] _beforeStamp = Encoding.ASCII.GetBytes(RawAnswers.BeforeStamp);

    // The beginning of the line that is under way.
    private readonly byte[] _start = new byte[16];
    private int _length;

    /// <summary>Events with data, the one that ends the stream included.</summary>
    public int Events { get; private set; }

    /// <summary>Whether the event that ends a stream has come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether an event was an error.</summary>
    public bool HasError { get; private set; }

    /// <summary>Begins with another stream.</summary>
    public void Reset() => (_length, Events, IsDone, HasError) = (0, 0, false, false);

    /// <summary>Takes what came.</summary>
    /// <param name="bytes">A piece of the body.</param>
    /// <param name="delays">Counts how long each chunk was under way, from the time in it; null: nobody asks.</param>
    /// <param name="now">The time that it was read at.</param>
    public void Read(ReadOnlySpan<byte> bytes, SlicedLatency? delays, long now)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            var isWhole = _length == 0;
            var kept = Math.Min(line.Length, _start.Length - Math.Min(_length, _start.Length));
            line[..kept].CopyTo(_start.AsSpan(Math.Min(_length, _start.Length)));
            _length += line.Length;
            if (end < 0)
            {
                return;
            }

            if (_length > 0)
            {
                TakeLine();
                if (delays is not null && isWhole)
                {
                    CountDelay(line, delays, now);
                }
            }

            _length = 0;
            bytes = bytes[(end + 1)..];
        }
    }

    private void TakeLine()
    {
        var start = _start.AsSpan(0, Math.Min(_length, _start.Length));
        if (start.StartsWith("data:"u8))
        {
            Events++;
            IsDone |= start.StartsWith("data: [DONE]"u8);
            HasError |= start.StartsWith("data: {\"error\""u8);
        }
    }

    private static void CountDelay(ReadOnlySpan<byte> line, SlicedLatency delays, long now)
    {
        var at = line.IndexOf(_beforeStamp);
        if (at >= 0 && Utf8Parser.TryParse(line[(at + _beforeStamp.Length)..], out long sent, out var digits, 'x')
            && digits == RawAnswers.StampLength)
        {
            delays.Add(now - sent, now);
        }
    }
}
