namespace AiRouter.Prompting.Tokens.SentencePiece;

/// <summary>A piece of a SentencePiece vocabulary.</summary>
/// <param name="Text">Its text; a space is written U+2581.</param>
/// <param name="Score">Pieces of a higher score are made first.</param>
/// <param name="Type">What it is for.</param>
internal sealed record ModelPiece(string Text, float Score, PieceType Type);

/// <summary>What a piece is for (<c>sentencepiece_model.proto</c>).</summary>
internal enum PieceType
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>What is in no other piece.</summary>
    Unknown = 2,

    /// <summary>A sign to the model, such as <c>&lt;s&gt;</c>: never made from text by SentencePiece itself.</summary>
    Control = 3,

    /// <summary>Text that is always a piece of its own.</summary>
    UserDefined = 4,

    /// <summary>Never made.</summary>
    Unused = 5,

    /// <summary>One byte of a character that is in no other piece.</summary>
    Byte = 6,
}
