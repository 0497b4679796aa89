using System.Buffers;
using System.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>
/// Where a template's text goes: as UTF-8 to the output, or, while a macro or a block captures it, as characters into a
/// buffer that all captures share as a stack.
/// </summary>
internal sealed class PromptText : IDisposable
{
    private const int ChunkSize = 16 * 1024;

    private readonly IBufferWriter<byte> _output;
    private readonly long _limit;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(ChunkSize);
    private char[] _characters = [];
    private int _byteCount;
    private int _characterCount;
    private int _captures;
    private long _left;

    public PromptText(IBufferWriter<byte> output, long limit)
    {
        _output = output;
        _limit = limit;
        _left = limit;
    }

    /// <summary>Writes a literal.</summary>
    public void Write(Literal literal)
    {
        if (_captures > 0)
        {
            Capture(literal.Text);
            return;
        }

        var bytes = literal.Utf8;
        Charge(bytes.Length);
        if (bytes.Length > _bytes.Length - _byteCount)
        {
            Flush();
            if (bytes.Length > _bytes.Length)
            {
                _output.Write(bytes);
                return;
            }
        }

        bytes.CopyTo(_bytes.AsSpan(_byteCount));
        _byteCount += bytes.Length;
    }

    /// <summary>Writes text.</summary>
    public void Write(string text)
    {
        if (_captures > 0)
        {
            Capture(text);
            return;
        }

        // No UTF-16 unit takes more than three bytes.
        if (text.Length > (_bytes.Length - _byteCount) / 3)
        {
            Flush();
            if (text.Length > _bytes.Length / 3)
            {
                Charge(Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, _output);
                return;
            }
        }

        var written = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_byteCount));
        Charge(written);
        _byteCount += written;
    }

    /// <summary>Writes what Python's <c>str</c> gives.</summary>
    public void Write(in JinjaValue value, JinjaRun run)
    {
        if (value.Kind == JinjaKind.String)
        {
            Write(value.AsString);
        }
        else if (value.Kind != JinjaKind.Undefined)
        {
            Write(PythonText.Str(value, run));
        }
    }

    /// <summary>From here on text is captured. Returns what <see cref="EndCapture"/> wants.</summary>
    public int BeginCapture()
    {
        _captures++;
        return _characterCount;
    }

    /// <summary>Takes what was written since <see cref="BeginCapture"/>.</summary>
    public string EndCapture(int start, JinjaRun run)
    {
        run.Reserve(_characterCount - start);
        var text = new string(_characters, start, _characterCount - start);
        DropCapture(start);
        return text;
    }

    /// <summary>Drops what was written since <see cref="BeginCapture"/>.</summary>
    public void DropCapture(int start)
    {
        _captures--;
        _characterCount = start;
    }

    /// <summary>Hands everything to the output.</summary>
    public void Flush()
    {
        _output.Write(_bytes.AsSpan(0, _byteCount));
        _byteCount = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        if (_characters.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_characters);
            _characters = [];
        }
    }

    private void Charge(int bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw Rendering.Exceeded($"the text is longer than {_limit} bytes");
        }
    }

    private void Capture(string text)
    {
        if (text.Length > _characters.Length - _characterCount)
        {
            // What is captured becomes output, as a rule, so the same limit holds.
            if (_characterCount + (long)text.Length > _limit)
            {
                throw Rendering.Exceeded($"the text is longer than {_limit} bytes");
            }

            var larger = ArrayPool<char>.Shared.Rent(Math.Max(_characterCount + text.Length, _characters.Length * 2));
            _characters.AsSpan(0, _characterCount).CopyTo(larger);
            if (_characters.Length > 0)
            {
                ArrayPool<char>.Shared.Return(_characters);
            }

            _characters = larger;
        }

        text.CopyTo(_characters.AsSpan(_characterCount));
        _characterCount += text.Length;
    }
}
