using System.Text;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Tests.Backends.Triton;

/// <summary>Writes down what a choice's client would get, one line a part.</summary>
internal sealed class RecordedParts : IAnswerParts
{
    /// <summary>The parts, for example <c>content: Hi</c>.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The tokens that came with the content.</summary>
    public List<string> Tokens { get; } = [];

    public void Content(VisibleText text, IReadOnlyList<TokenLogProb> tokens, int textOffset)
    {
        Tokens.AddRange(tokens.Select(t => t.Token));
        Lines.Add("content: " + Encoding.UTF8.GetString([.. text.Held, .. text.Piece]));
    }

    public void Reasoning(ReadOnlySpan<byte> text) => Lines.Add("reasoning: " + Encoding.UTF8.GetString(text));

    public void BeginCall(int index, string id, ReadOnlySpan<byte> name) =>
        Lines.Add($"call {index}: {id} {Encoding.UTF8.GetString(name)}");

    public void Arguments(int index, ReadOnlySpan<byte> json) =>
        Lines.Add($"arguments {index}: {Encoding.UTF8.GetString(json)}");
}
