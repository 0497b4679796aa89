using System.Buffers;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>A stream of a message's events, read as one of chat's chunks.</summary>
/// <param name="inner">The events; ended by their answer.</param>
/// <param name="translation">Makes the chunks.</param>
internal sealed class MessagesEvents(Stream inner, ChunkTranslation translation) : ReadOnlyStream
{
    private readonly FrameBuffer _frames = new();
    private readonly ArrayBufferWriter<byte> _written = new();
    private int _read;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read == _written.WrittenCount && !_isAtEnd)
        {
            await FillAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _written.WrittenCount - _read);
        _written.WrittenSpan.Slice(_read, count).CopyTo(buffer.Span);
        _read += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _frames.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Reads once. What makes no chunk (a ping, the beginning of a message) becomes a comment, which nobody is sent: the reader sees that
    /// the backend is there.
    /// </summary>
    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _written.ResetWrittenCount();
        _read = 0;
        var space = _frames.Space();
        if (space.IsEmpty)
        {
            throw new InvalidDataException("The backend sent an event that is too large.");
        }

        var count = await inner.ReadAsync(space, cancellationToken);
        _frames.Advance(count);
        _isAtEnd = count == 0;
        while (!translation.IsOver && (_frames.TryRead(out var raw) || (_isAtEnd && _frames.TryReadRest(out raw))))
        {
            translation.Write(EventFrame.Read(raw), _written);
        }

        _isAtEnd |= translation.IsOver;
        if (_written.WrittenCount == 0 && !_isAtEnd)
        {
            _written.Write(":\n\n"u8);
        }
    }
}
