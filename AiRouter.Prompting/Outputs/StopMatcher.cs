namespace AiRouter.Prompting.Outputs;

/// <summary>
/// Looks for <see cref="StopStrings"/> in a text that comes in pieces, whatever the pieces' borders: what may be the beginning
/// of a match is held back, never more than the longest text less one byte. The text that is complete first ends the answer
/// (of several that end together, the longest). O(n), and nothing is allocated for a piece: what is held back is always the
/// beginning of a stop text, so it is kept as a state, not as bytes.
/// </summary>
public sealed class StopMatcher(StopStrings stops)
{
    private int _state;

    /// <summary>Which text of <see cref="StopStrings.Texts"/> ended the answer; -1 while none has.</summary>
    public int Match { get; private set; } = -1;

    /// <summary>Whether a stop text was found: nothing more is visible then.</summary>
    public bool IsStopped => Match >= 0;

    /// <summary>Bytes held back now.</summary>
    public int Held => stops.DepthOf(_state);

    /// <summary>Takes the next piece (whole code points) and tells what can be shown now.</summary>
    public VisibleText Push(ReadOnlySpan<byte> piece)
    {
        if (IsStopped)
        {
            return default;
        }

        var held = stops.PrefixOf(_state);
        var at = 0;
        while (at < piece.Length)
        {
            if (_state == 0)
            {
                // Most pieces of most answers hold no first byte of a stop text: one vectorised search.
                var candidate = stops.FirstCandidate(piece[at..]);
                if (candidate < 0)
                {
                    break;
                }

                at += candidate;
            }

            _state = stops.Step(_state, piece[at]);
            at++;
            if (stops.MatchAt(_state) is >= 0 and var match)
            {
                Match = match;
                _state = 0;
                return Cut(held, piece, held.Length + at - stops.LengthOf(match));
            }
        }

        return Cut(held, piece, held.Length + piece.Length - stops.DepthOf(_state));
    }

    /// <summary>The answer has ended: what was held back is text after all.</summary>
    public ReadOnlySpan<byte> Flush()
    {
        var held = IsStopped ? default : stops.PrefixOf(_state);
        _state = 0;
        return held;
    }

    private static VisibleText Cut(ReadOnlySpan<byte> held, ReadOnlySpan<byte> piece, int length) =>
        length <= held.Length
            ? new VisibleText(held[..length], default)
            : new VisibleText(held, piece[..(length - held.Length)]);
}
