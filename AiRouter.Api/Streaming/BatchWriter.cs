using System.Buffers;
using System.IO.Pipelines;

namespace AiRouter.Api.Streaming;

/// <summary>
/// What one read from a backend makes, on its way into the response. The server takes two locks for each piece that is written to
/// it, and looks each time whether the response has begun; here it is asked once for each block of memory.
/// </summary>
internal sealed class BatchWriter(PipeWriter writer) : IBufferWriter<byte>
{
    private Memory<byte> _memory;
    private int _written;

    /// <inheritdoc/>
    public void Advance(int count) => _written += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _memory[_written..];
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _memory.Span[_written..];
    }

    /// <summary>Hands over what was written; the next write asks for memory anew. Call it before each flush.</summary>
    public void Commit()
    {
        if (_written > 0)
        {
            writer.Advance(_written);
        }

        _written = 0;
        _memory = default;
    }

    private void Reserve(int size)
    {
        if (_memory.Length - _written < Math.Max(size, 1))
        {
            Commit();
            _memory = writer.GetMemory(size);
        }
    }
}
