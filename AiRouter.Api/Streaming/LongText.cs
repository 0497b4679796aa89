namespace AiRouter.Api.Streaming;

/// <summary>A text in pieces of limited length, cut between code points: <c>foreach</c> goes through them.</summary>
internal ref struct LongText(ReadOnlySpan<byte> text, int most)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The piece that was reached.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly LongText GetEnumerator() => this;

    /// <summary>Goes to the next piece.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var length = JsonEscape.WholeCodePoints(_rest, most);
        Current = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
