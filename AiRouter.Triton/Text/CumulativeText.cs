using System.Buffers;
using System.Text;

namespace AiRouter.Triton.Text;

/// <summary>
/// Text that comes whole each time (<c>accumulate_tokens</c>). What is new is what follows the text before. A run of
/// U+FFFD at the end stands for a character whose bytes have not all come: it is held back and, if it stays, given at
/// the end (<c>triton.md</c> §3.2, §3.3).
/// </summary>
internal sealed class CumulativeText : IStreamedText
{
    private readonly DeltaText _repair = new();
    private readonly TextBuffer _known = new();
    private readonly TextBuffer _held = new();

    public void Take(ReadOnlySpan<byte> text, TextBuffer target)
    {
        var settled = text[..SettledLength(text)];
        if (settled.Length < _known.Length)
        {
            // An empty or shorter text takes nothing back that was given.
            return;
        }

        _held.Clear();
        _held.Append(text[settled.Length..]);
        var fresh = settled[_known.Length..];
        if (!settled.StartsWith(_known.Span))
        {
            // The detokenizer changed its mind about what was given. That cannot be unsaid; go on at the same length.
            fresh = fresh[ContinuationBytes(fresh)..];
            _known.Clear();
            _known.Append(settled);
        }
        else
        {
            _known.Append(fresh);
        }

        _repair.Take(fresh, target);
    }

    public void End(TextBuffer target)
    {
        _repair.Take(_held.Span, target);
        _held.Clear();
        _repair.End(target);
    }

    /// <summary>The length without the U+FFFD run and the incomplete code point at the end.</summary>
    internal static int SettledLength(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeLastFromUtf8(text, out var rune, out var length);
            if (status == OperationStatus.Done && rune != Rune.ReplacementChar)
            {
                break;
            }

            if (status == OperationStatus.InvalidData)
            {
                // Bytes that can never become a character are not waited for.
                break;
            }

            text = text[..^length];
        }

        return text.Length;
    }

    private static int ContinuationBytes(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (count < text.Length && (text[count] & 0xC0) == 0x80)
        {
            count++;
        }

        return count;
    }
}
