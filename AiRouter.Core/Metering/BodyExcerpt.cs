using System.Text;

namespace AiRouter.Core.Metering;

/// <summary>
/// The beginning of a body, taken piece by piece while it passes: at most so many bytes, and of long base64 (images, audio,
/// vectors) only how it begins, so that the words behind it still fit.
/// </summary>
/// <param name="capacity">The most bytes that are kept.</param>
public sealed class BodyExcerpt(int capacity)
{
    // No word and no id of any API is as long; what is longer is data.
    private const int LongestRun = 256;
    private const int KeptOfRun = 32;

    private readonly List<byte> _kept = new(Math.Min(capacity, 4096));
    private int _run;
    private bool _skips;

    /// <summary>Whether something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How long the whole body was.</summary>
    public long Length { get; private set; }

    /// <summary>The next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        Length += piece.Length;
        foreach (var value in piece)
        {
            if (_kept.Count >= capacity)
            {
                IsCut = true;
                return;
            }

            Append(value);
        }
    }

    /// <summary>What was kept; a character that was cut in two is left out.</summary>
    public override string ToString()
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_kept);
        return Encoding.UTF8.GetString(IsCut ? WholeCharacters(bytes) : bytes);
    }

    private void Append(byte value)
    {
        if (!IsBase64(value))
        {
            if (_skips)
            {
                _kept.AddRange("…"u8);
            }

            (_run, _skips) = (0, false);
            _kept.Add(value);
            return;
        }

        if (_skips)
        {
            return;
        }

        _kept.Add(value);
        if (++_run == LongestRun)
        {
            _kept.RemoveRange(_kept.Count - LongestRun + KeptOfRun, LongestRun - KeptOfRun);
            _skips = IsCut = true;
        }
    }

    private static bool IsBase64(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'+' or (byte)'/' or (byte)'=';

    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > 0 && bytes.Length - end < 4 && !Rune.DecodeLastFromUtf8(bytes[..end], out _, out _).Equals(System.Buffers.OperationStatus.Done))
        {
            end--;
        }

        return bytes[..end];
    }
}
