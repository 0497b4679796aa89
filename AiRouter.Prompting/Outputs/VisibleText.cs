namespace AiRouter.Prompting.Outputs;

/// <summary>What a client may see of a piece of text: what earlier pieces held back, then the piece's own.</summary>
public readonly ref struct VisibleText
{
    /// <summary>Puts the two together.</summary>
    public VisibleText(ReadOnlySpan<byte> held, ReadOnlySpan<byte> piece)
    {
        Held = held;
        Piece = piece;
    }

    /// <summary>From earlier pieces.</summary>
    public ReadOnlySpan<byte> Held { get; }

    /// <summary>From this piece.</summary>
    public ReadOnlySpan<byte> Piece { get; }

    /// <summary>Bytes in all.</summary>
    public int Length => Held.Length + Piece.Length;

    /// <summary>Nothing to show.</summary>
    public bool IsEmpty => Length == 0;
}
