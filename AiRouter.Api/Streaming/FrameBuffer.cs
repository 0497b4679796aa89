using System.Buffers;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Cuts the bytes of an event stream into frames: what stands between two blank lines, whichever of LF, CRLF and CR ends the
/// lines. Bytes are read into one pooled array and looked at once; frames are slices of it.
/// </summary>
internal sealed class FrameBuffer : IDisposable
{
    /// <summary>The largest frame taken: a backend cannot fill the memory with a line that never ends.</summary>
    public const int MaxFrame = 8 * 1024 * 1024;

    // A stream that waits for its next token holds this much: thousands do. One that is read faster than it is sent gets more.
    private const int SmallSize = 2 * 1024;
    private const int LargeSize = 16 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(SmallSize);
    private int _start;
    private int _lineStart;
    private int _scanned;
    private int _end;
    private bool _usesCrLf;
    private bool _lateLineFeed;
    private bool _begun;
    private bool _wasFilled;

    /// <summary>What is pending begins with a frame of which no byte has been looked at.</summary>
    public bool IsAtFrame => _scanned == _start && _lineStart == _start && _begun && !_lateLineFeed;

    /// <summary>What has been read and not been taken as a frame yet.</summary>
    public ReadOnlySpan<byte> Pending => _array.AsSpan(_start, _end - _start);

    /// <summary>Where the next bytes are read to; spans of earlier frames are void then. Empty: the frame is too large.</summary>
    public Memory<byte> Space()
    {
        if (_start > 0)
        {
            // Only the head of an unfinished frame is moved: nothing at all in a stream that is flushed event by event.
            _array.AsSpan(_start, _end - _start).CopyTo(_array);
            _lineStart -= _start;
            _scanned -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _array.Length && _array.Length < MaxFrame)
        {
            Resize(_array.Length * 2);
        }
        else if (_wasFilled && _array.Length < LargeSize)
        {
            Resize(LargeSize);
        }
        else if (_end == 0 && _array.Length > SmallSize && !_wasFilled)
        {
            Resize(SmallSize);
        }

        return _array.AsMemory(_end, Math.Max(0, Math.Min(_array.Length, MaxFrame) - _end));
    }

    /// <summary>So many bytes have been read.</summary>
    public void Advance(int count)
    {
        // About what a small buffer takes: another of that size is not asked for next time. The framing of chunks, which a connection
        // takes out in this memory, was in it too.
        _wasFilled = count >= SmallSize * 3 / 4;
        _end += count;
    }

    /// <summary>Takes a frame that the caller has found by itself, where <see cref="IsAtFrame"/>.</summary>
    public void Skip(int length) => _start = _lineStart = _scanned = _start + length;

    /// <summary>The next whole frame, from its first line to the end of the blank line behind it.</summary>
    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        SkipByteOrderMark();
        while (TryEndLine(out var lineEnd))
        {
            var isBlank = lineEnd == _lineStart;
            _lineStart = _scanned;
            if (!isBlank)
            {
                continue;
            }

            frame = _array.AsSpan(_start, _scanned - _start);
            var isEmpty = lineEnd == _start;
            _start = _scanned;
            if (!isEmpty)
            {
                return true;
            }
        }

        frame = default;
        return false;
    }

    /// <summary>What is left at the end of the stream: a last frame without its blank line.</summary>
    public bool TryReadRest(out ReadOnlySpan<byte> frame)
    {
        frame = Pending;
        _start = _lineStart = _scanned = _end;
        return frame.IndexOfAnyExcept((byte)'\r', (byte)'\n') >= 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }
    }

    private void Resize(int size)
    {
        var array = ArrayPool<byte>.Shared.Rent(size);
        _array.AsSpan(0, _end).CopyTo(array);
        ArrayPool<byte>.Shared.Return(_array);
        _array = array;
    }

    /// <summary>Moves behind the next line end; <paramref name="lineEnd"/> is where it begins.</summary>
    private bool TryEndLine(out int lineEnd)
    {
        SkipLateLineFeed();
        var found = _array.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
        lineEnd = _scanned + found;
        if (found < 0)
        {
            _scanned = _end;
            return false;
        }

        if (_array[lineEnd] == '\n')
        {
            _scanned = lineEnd + 1;
            return true;
        }

        var isLast = lineEnd + 1 == _end;
        if (isLast && _usesCrLf)
        {
            _scanned = lineEnd;
            return false;
        }

        // The first line end of a stream may be a CR whose LF is still on its way; waiting for it could be for ever.
        _lateLineFeed = isLast;
        var isCrLf = !isLast && _array[lineEnd + 1] == '\n';
        _usesCrLf |= isCrLf;
        _scanned = lineEnd + (isCrLf ? 2 : 1);
        return true;
    }

    private void SkipLateLineFeed()
    {
        if (!_lateLineFeed || _scanned == _end)
        {
            return;
        }

        _lateLineFeed = false;
        if (_array[_scanned] == '\n')
        {
            _usesCrLf = true;
            var wasFrameStart = _start == _scanned;
            _scanned++;
            _lineStart = _scanned;
            _start = wasFrameStart ? _scanned : _start;
        }
    }

    private void SkipByteOrderMark()
    {
        if (_begun || _end - _start < 3)
        {
            return;
        }

        _begun = true;
        if (Pending.StartsWith("\uFEFF"u8))
        {
            _start += 3;
            _lineStart = _start;
            _scanned = Math.Max(_scanned, _start);
        }
    }
}
