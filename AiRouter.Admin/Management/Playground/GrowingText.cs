using System.Text;

namespace AiRouter.Admin.Management.Playground;

/// <summary>
/// A text that grows while it is shown, in pieces of which only the last one changes: a browser is sent that one, not the whole text
/// again, twenty times a second. It may be read while it is written.
/// </summary>
public sealed class GrowingText
{
    private const int PieceLength = 512;

    private readonly Lock _gate = new();
    private readonly List<string> _pieces = [];
    private readonly StringBuilder _last = new();
    private int _length;

    /// <summary>How long it is.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>The pieces, all but the last one the same objects for ever.</summary>
    public IReadOnlyList<string> Pieces
    {
        get
        {
            lock (_gate)
            {
                return _last.Length == 0 ? [.. _pieces] : [.. _pieces, _last.ToString()];
            }
        }
    }

    /// <summary>Adds to it.</summary>
    public void Append(string text)
    {
        lock (_gate)
        {
            _last.Append(text);
            Volatile.Write(ref _length, _length + text.Length);

            // Half of a character is no piece.
            if (_last.Length >= PieceLength && !char.IsHighSurrogate(_last[^1]))
            {
                _pieces.Add(_last.ToString());
                _last.Clear();
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_gate)
        {
            return string.Concat(_pieces) + _last;
        }
    }
}
