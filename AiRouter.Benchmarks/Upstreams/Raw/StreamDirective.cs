using System.Buffers.Text;
using System.Globalization;

namespace AiRouter.Benchmarks.Upstreams.Raw;

/// <summary>What a request asks the upstream for, in its body, which every proxy hands on:
/// <c>"user":"stream/200/20000"</c> for 200 chunks, one each 20 ms.</summary>
/// <param name="Chunks">How many; 0: a whole answer.</param>
/// <param name="Interval">Between two of them, in nanoseconds; 0: as fast as they are taken.</param>
/// <param name="WithUsage">Whether usage was asked for.</param>
internal readonly record struct StreamDirective(int Chunks, long Interval, bool WithUsage)
{
    /// <summary>How it is written.</summary>
    public static string Text(int chunks, TimeSpan interval) =>
        string.Create(CultureInfo.InvariantCulture, $"stream/{chunks}/{(long)interval.TotalMicroseconds}");

    /// <summary>Reads it from the beginning of a body; a stream without one has 200 chunks at once.</summary>
    public static StreamDirective Read(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"stream\":true"u8) < 0)
        {
            return default;
        }

        var (chunks, interval) = (200, 0L);
        var at = body.IndexOf("\"stream/"u8);
        if (at >= 0
            && Utf8Parser.TryParse(body[(at + 8)..], out int count, out var digits)
            && Utf8Parser.TryParse(body[(at + 9 + digits)..], out long microseconds, out _))
        {
            (chunks, interval) = (count, microseconds * 1000);
        }

        return new StreamDirective(chunks, interval, body.IndexOf("\"include_usage\":true"u8) >= 0);
    }
}
