namespace AiRouter.Triton.Text;

/// <summary>Turns the texts of successive responses into new text: whole UTF-8 code points, nothing twice.</summary>
internal interface IStreamedText
{
    /// <summary>Takes the text of a response and appends what is new.</summary>
    void Take(ReadOnlySpan<byte> text, TextBuffer target);

    /// <summary>Appends what was held back: no more text comes.</summary>
    void End(TextBuffer target);
}
