using System.Buffers;
using AiRouter.Triton;

namespace AiRouter.Api.Streaming;

/// <summary>
/// How an operation writes a choice: the fixed pieces of JSON around text, finish reason and log probabilities
/// (<c>openai-api.md</c> §2.2 to §2.4).
/// </summary>
internal abstract class AnswerDialect
{
    /// <summary>What ids begin with.</summary>
    public abstract string IdPrefix { get; }

    /// <summary>The <c>object</c> of a whole answer.</summary>
    public abstract string Whole { get; }

    /// <summary>The <c>object</c> of a chunk.</summary>
    public abstract string Chunk { get; }

    /// <summary>Before the text of a chunk, behind the choice's index.</summary>
    public abstract ReadOnlySpan<byte> DeltaOpen { get; }

    /// <summary>Behind the text of a chunk.</summary>
    public abstract ReadOnlySpan<byte> DeltaClose { get; }

    /// <summary>The delta that introduces a choice; empty where choices need no introduction.</summary>
    public abstract ReadOnlySpan<byte> Introduction { get; }

    /// <summary>The same for a choice that begins with a call.</summary>
    public abstract ReadOnlySpan<byte> CallIntroduction { get; }

    /// <summary>The delta of a choice's last chunk.</summary>
    public abstract ReadOnlySpan<byte> LastDelta { get; }

    /// <summary>Writes what was said in a whole choice, behind the choice's index.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="choice">What was said.</param>
    /// <param name="echo">Text of the prompt that goes first.</param>
    public abstract void WriteWhole(IBufferWriter<byte> writer, WholeChoice choice, ReadOnlySpan<byte> echo);

    /// <summary>Writes the value of <c>logprobs</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tokens">The tokens, in order; may be none.</param>
    /// <param name="textOffset">Code points of the choice's text before the first of them.</param>
    public abstract void WriteLogProbs(IBufferWriter<byte> writer, IReadOnlyList<TokenLogProb> tokens, int textOffset);
}
