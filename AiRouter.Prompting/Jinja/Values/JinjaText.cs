using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Text in the making, in a pooled buffer. What it grows to is charged to the rendering.</summary>
public sealed class JinjaText : IDisposable
{
    // Longest text of an error message; a value may be of any size.
    private const int Short = 500;

    private readonly int _limit;
    private char[] _buffer;
    private int _length;

    /// <summary>An empty text, charged to <paramref name="run"/>; without one, a short text for a message.</summary>
    public JinjaText(JinjaRun? run)
    {
        Run = run;
        _limit = run is null ? Short : int.MaxValue;
        _buffer = ArrayPool<char>.Shared.Rent(256);
    }

    /// <summary>What is charged.</summary>
    public JinjaRun? Run { get; }

    /// <summary>How many UTF-16 units it has.</summary>
    public int Length => _length;

    /// <summary>The text so far; until the next change.</summary>
    public ReadOnlySpan<char> Written => _buffer.AsSpan(0, _length);

    /// <summary>Whether more would be cut: only of a message.</summary>
    internal bool IsFull => _length >= _limit;

    /// <summary>Appends one character.</summary>
    public void Append(char value)
    {
        if (_length == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[_length++] = value;
    }

    /// <summary>Appends <paramref name="value"/> <paramref name="count"/> times.</summary>
    public void Append(char value, int count)
    {
        if (count > 0)
        {
            Take(count).Fill(value);
        }
    }

    /// <summary>Appends text.</summary>
    public void Append(ReadOnlySpan<char> value) => value.CopyTo(Take(value.Length));

    /// <summary>Appends text.</summary>
    public void Append(string value) => Append(value.AsSpan());

    /// <summary>Appends a code point; a lone surrogate as it is.</summary>
    public void AppendCodePoint(int value)
    {
        if (value <= char.MaxValue)
        {
            Append((char)value);
            return;
        }

        new Rune(value).EncodeToUtf16(Take(2));
    }

    /// <summary>Writes it as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(Written, output);

    /// <inheritdoc/>
    public override string ToString() => new(Written);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private Span<char> Take(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    private void Grow(int count)
    {
        var size = Math.Max(_buffer.Length * 2L, _length + (long)count);
        Run?.Reserve(size);
        if (size > Array.MaxLength)
        {
            throw new JinjaValueException("MemoryError", "the text is too long");
        }

        var larger = ArrayPool<char>.Shared.Rent((int)size);
        Written.CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
