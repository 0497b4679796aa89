using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace AiRouter.Triton.Text;

/// <summary>
/// Text that comes in pieces. A code point split between two pieces is held back until it is whole; bytes that are no
/// UTF-8 become one U+FFFD for each bad sequence (<c>triton.md</c> §3.3).
/// </summary>
internal sealed class DeltaText : IStreamedText
{
    private const int LongestCodePoint = 4;

    private readonly byte[] _split = new byte[LongestCodePoint];
    private int _splitLength;

    public void Take(ReadOnlySpan<byte> text, TextBuffer target)
    {
        if (_splitLength == 0 && Utf8.IsValid(text))
        {
            target.Append(text);
            return;
        }

        text = JoinSplit(text, target);
        while (!text.IsEmpty)
        {
            switch (Rune.DecodeFromUtf8(text, out _, out var length))
            {
                case OperationStatus.Done:
                    target.Append(text[..length]);
                    break;
                case OperationStatus.NeedMoreData:
                    text.CopyTo(_split);
                    _splitLength = text.Length;
                    return;
                default:
                    target.Append("\uFFFD"u8);
                    break;
            }

            text = text[length..];
        }
    }

    public void End(TextBuffer target)
    {
        if (_splitLength > 0)
        {
            _splitLength = 0;
            target.Append("\uFFFD"u8);
        }
    }

    /// <summary>Completes the code point held back, byte by byte; gives what is left of the text.</summary>
    private ReadOnlySpan<byte> JoinSplit(ReadOnlySpan<byte> text, TextBuffer target)
    {
        while (_splitLength > 0 && !text.IsEmpty)
        {
            _split[_splitLength] = text[0];
            var split = _split.AsSpan(0, _splitLength + 1);
            switch (Rune.DecodeFromUtf8(split, out _, out _))
            {
                case OperationStatus.Done:
                    target.Append(split);
                    _splitLength = 0;
                    text = text[1..];
                    break;
                case OperationStatus.NeedMoreData:
                    _splitLength++;
                    text = text[1..];
                    break;
                default:
                    // The byte does not belong to it; it begins something of its own.
                    target.Append("\uFFFD"u8);
                    _splitLength = 0;
                    break;
            }
        }

        return text;
    }
}
