namespace AiRouter.Triton.Text;

/// <summary>
/// Text of a model that sends all so far in some releases and what is new in others (LLM-API). The first text is both.
/// Later texts are held back until they tell: two that each grow the one before mean cumulative, one that does not
/// begin with the one before means delta. Undecided at the end: cumulative if a text grew, else delta ("ha", "ha", "ha"
/// is "hahaha", R14).
/// </summary>
internal sealed class DetectedText : IStreamedText
{
    private const int GrowthsToDecide = 2;
    private const int RepeatsToDecide = 8;

    private readonly CumulativeText _cumulative = new();
    private readonly DeltaText _delta = new();
    private readonly TextBuffer _pieces = new();
    private readonly TextBuffer _last = new();
    private IStreamedText? _decided;
    private int _given;
    private int _growths;
    private int _repeats;

    public void Take(ReadOnlySpan<byte> text, TextBuffer target)
    {
        if (_decided is not null)
        {
            _decided.Take(text, target);
            return;
        }

        if (text.IsEmpty)
        {
            return;
        }

        if (_last.Length == 0)
        {
            Remember(text);
            _cumulative.Take(text, target);
            _given = CumulativeText.SettledLength(text);
            return;
        }

        var settled = _last.Span[..CumulativeText.SettledLength(_last.Span)];
        if (!text.StartsWith(settled))
        {
            _pieces.Append(text);
            DecideDelta(target);
            return;
        }

        _growths += text.Length > settled.Length && !text.SequenceEqual(_last.Span) ? 1 : 0;
        _repeats += text.SequenceEqual(_last.Span) ? 1 : 0;
        Remember(text);
        if (_growths >= GrowthsToDecide)
        {
            _decided = _cumulative;
            _cumulative.Take(text, target);
        }
        else if (_repeats >= RepeatsToDecide)
        {
            DecideDelta(target);
        }
    }

    public void End(TextBuffer target)
    {
        if (_decided is null && _growths > 0)
        {
            _decided = _cumulative;
            _cumulative.Take(_last.Span, target);
        }
        else if (_decided is null)
        {
            DecideDelta(target);
        }

        _decided!.End(target);
    }

    private void Remember(ReadOnlySpan<byte> text)
    {
        _pieces.Append(text);
        _last.Clear();
        _last.Append(text);
    }

    /// <summary>
    /// Gives all pieces but what the first text already gave, counted as it came: repaired it may have another length.
    /// </summary>
    private void DecideDelta(TextBuffer target)
    {
        _decided = _delta;
        _delta.Take(_pieces.Span[_given..], target);
    }
}
