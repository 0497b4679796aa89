using System.Buffers;

namespace AiRouter.Api.Streaming;

/// <summary>
/// What the chunks of one stream have in common. Backends write every chunk of an answer alike but for its text, so a chunk with the
/// same bytes as one that was read whole, other than the inside of one string, means the same: the same members at the same
/// places, no error, no figures, no end. Such a chunk is not parsed again, and what the client gets of it is known but for the text.
/// </summary>
/// <remarks>What that saves is in ADR 32.</remarks>
internal sealed class ChunkPattern
{
    /// <summary>The longest frame to learn from, without its text: each stream keeps what it has learned.</summary>
    public const int MaxLength = 2048;

    // A backend that writes something new into every chunk (padding, figures) is not compared with for ever.
    private const int MostFruitless = 8;

    // What ends a JSON string, or may not stand in it: with any of these inside, a chunk is parsed.
    private static readonly SearchValues<byte> Special = SearchValues.Create(SpecialBytes());

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private int _inHead;
    private int _inTail;
    private int _outHead;
    private int _fruitless;

    /// <summary>Whether another chunk is worth learning from.</summary>
    public bool IsWanted => _fruitless < MostFruitless;

    /// <summary>Takes a frame and what was made of it as the pattern.</summary>
    /// <param name="frame">A whole frame, which ends with an empty line.</param>
    /// <param name="text">Where the inside of the string lies in it.</param>
    /// <param name="output">What the client gets of it.</param>
    /// <param name="outputStart">Where the same inside lies there.</param>
    public void Learn(ReadOnlySpan<byte> frame, Range text, ReadOnlySpan<byte> output, int outputStart)
    {
        var (start, length) = text.GetOffsetAndLength(frame.Length);
        _fruitless++;
        _bytes.ResetWrittenCount();
        _bytes.Write(frame[..start]);
        _bytes.Write(frame[(start + length)..]);
        _bytes.Write(output[..outputStart]);
        _bytes.Write(output[(outputStart + length)..]);
        (_inHead, _inTail) = (start, frame.Length - start - length);
        _outHead = outputStart;
    }

    /// <summary>Writes what a client gets of the frame at the beginning of <paramref name="bytes"/>, if it is one like the others.</summary>
    /// <param name="bytes">What has been read, from the beginning of a frame.</param>
    /// <param name="output">Where it is written.</param>
    /// <param name="textLength">How long its text is.</param>
    /// <returns>The frame's length; 0: it is not whole yet, or another.</returns>
    public int TryWrite(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, out int textLength)
    {
        textLength = 0;
        var pattern = _bytes.WrittenSpan;
        if (_inHead == 0 || !bytes.StartsWith(pattern[.._inHead]))
        {
            return 0;
        }

        var rest = bytes[_inHead..];
        var length = rest.IndexOfAny(Special);
        if (length < 0 || !rest[length..].StartsWith(pattern.Slice(_inHead, _inTail)))
        {
            return 0;
        }

        _fruitless = 0;
        textLength = length;
        var made = pattern[(_inHead + _inTail)..];
        var target = output.GetSpan(made.Length + length);
        made[.._outHead].CopyTo(target);
        rest[..length].CopyTo(target[_outHead..]);
        made[_outHead..].CopyTo(target[(_outHead + length)..]);
        output.Advance(made.Length + length);
        return _inHead + length + _inTail;
    }

    private static byte[] SpecialBytes() => [.. Enumerable.Range(0, ' ').Select(b => (byte)b), (byte)'"', (byte)'\\'];
}
