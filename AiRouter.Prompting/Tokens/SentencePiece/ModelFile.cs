namespace AiRouter.Prompting.Tokens.SentencePiece;

/// <summary>What counting needs of a SentencePiece model.</summary>
internal sealed record ModelFile
{
    /// <summary>The vocabulary.</summary>
    public List<ModelPiece> Pieces { get; } = [];

    /// <summary>1: Unigram, 2: BPE, 3: words, 4: characters.</summary>
    public int ModelType { get; set; } = 1;

    /// <summary>Characters that are in no piece become bytes.</summary>
    public bool FallsBackToBytes { get; set; }

    /// <summary>The space that is added to a text goes behind it.</summary>
    public bool SpaceIsSuffix { get; set; }

    /// <summary>The id of BOS; below 0: there is none.</summary>
    public int Bos { get; set; } = 1;

    /// <summary>Characters are replaced by a table.</summary>
    public bool HasCharacterMap { get; set; }

    /// <summary>A space is added to a text.</summary>
    public bool AddsSpace { get; set; } = true;

    /// <summary>Spaces at the ends, and all but one in a row, are left out.</summary>
    public bool RemovesSpaces { get; set; } = true;

    /// <summary>Spaces are written U+2581.</summary>
    public bool EscapesSpaces { get; set; } = true;
}
