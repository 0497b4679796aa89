using System.Text;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>All that was said, put together from its windows.</summary>
internal sealed class Transcript
{
    private readonly StringBuilder _text = new();
    private readonly List<TranscriptSegment> _segments = [];

    /// <summary>The windows in which something was said.</summary>
    public IReadOnlyList<TranscriptSegment> Segments => _segments;

    /// <summary>How long the sound is, in seconds.</summary>
    public double Duration { get; private set; }

    /// <summary>The whole text.</summary>
    public string Text => _text.ToString();

    /// <summary>Adds a window; gives what comes to the text, which is empty where nothing was said.</summary>
    public string Add(TranscriptSegment segment)
    {
        Duration = segment.End;
        if (segment.Text.Length == 0)
        {
            return "";
        }

        var needsSpace = _text.Length > 0 && !(IsWithoutSpaces(_text[^1]) && IsWithoutSpaces(segment.Text[0]));
        var added = needsSpace ? " " + segment.Text : segment.Text;
        _text.Append(added);
        _segments.Add(segment);
        return added;
    }

    /// <summary>Scripts that put no spaces between words: Thai to Tibetan, Myanmar, Khmer, and those of East Asia but Korean.</summary>
    private static bool IsWithoutSpaces(char c) =>
        c is (>= '\u0E00' and <= '\u0FFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF')
            or (>= '\u2E80' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF00' and <= '\uFFEF');
}
