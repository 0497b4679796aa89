using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Streaming;

/// <summary>Takes the parts of one choice as the client is to see them, in order; each is final.</summary>
internal interface IAnswerParts
{
    /// <summary>More of the text.</summary>
    /// <param name="text">Whole code points; may be empty when tokens have no text.</param>
    /// <param name="tokens">The tokens that begin in it, when log probabilities are wanted.</param>
    /// <param name="textOffset">Code points of the text before it.</param>
    void Content(VisibleText text, IReadOnlyList<TokenLogProb> tokens, int textOffset);

    /// <summary>More of the reasoning.</summary>
    void Reasoning(ReadOnlySpan<byte> text);

    /// <summary>A call begins; its arguments follow.</summary>
    /// <param name="index">Its place among the choice's calls.</param>
    /// <param name="id">Its id, without characters that JSON escapes.</param>
    /// <param name="name">The function.</param>
    void BeginCall(int index, string id, ReadOnlySpan<byte> name);

    /// <summary>More of a call's arguments: JSON text.</summary>
    void Arguments(int index, ReadOnlySpan<byte> json);
}
