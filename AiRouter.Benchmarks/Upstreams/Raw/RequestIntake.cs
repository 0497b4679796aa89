using System.Buffers.Text;
using System.Text;

namespace AiRouter.Benchmarks.Upstreams.Raw;

/// <summary>Finds the ends of requests in what a connection brings; keeps only the first bytes of each.</summary>
internal sealed class RequestIntake
{
    // The head and as much of the body as can say what is asked for.
    private readonly byte[] _start = new byte[4096];
    private int _kept;
    private int _head;
    private long _missing;

    /// <summary>Whether it was no request with a length: nothing more can be read.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The beginning of the body of a request that is complete.</summary>
    public ReadOnlySpan<byte> Body => _start.AsSpan(_head, _kept - _head);

    /// <summary>Forgets a request.</summary>
    public void Reset() => (_kept, _head, _missing) = (0, 0, 0);

    /// <summary>Takes what came.</summary>
    /// <returns>Whether the request is complete. Proxies do not pipeline: what follows it is not looked at.</returns>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        var kept = Math.Min(bytes.Length, _start.Length - _kept);
        bytes[..kept].CopyTo(_start.AsSpan(_kept));
        if (_head > 0)
        {
            _kept += kept;
            _missing -= bytes.Length;
            return _missing <= 0;
        }

        var before = Math.Max(0, _kept - 3);
        _kept += kept;
        var end = _start.AsSpan(before, _kept - before).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            IsBroken = _kept == _start.Length;
            return false;
        }

        _head = before + end + 4;
        _missing = Length(_start.AsSpan(0, _head)) - (_kept - _head) - (bytes.Length - kept);
        return _missing <= 0 && !IsBroken;
    }

    private long Length(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var line = head[..end];
            if (line.Length > 15 && Ascii.EqualsIgnoreCase(line[..15], "content-length:"u8))
            {
                return Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out long length, out _) ? length : 0;
            }

            IsBroken |= line.Length > 18 && Ascii.EqualsIgnoreCase(line[..18], "transfer-encoding:"u8);
            head = head[(end + 2)..];
        }

        return 0;
    }
}
