using System.Text;
using AiRouter.Api.Streaming;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// Keeps log probabilities in step with the text that the client sees: a token is told when the text that it begins in is, and
/// tokens that begin behind a stop text are never told (R16).
/// </summary>
internal sealed class LogProbTrack
{
    private readonly Queue<(TokenLogProb Token, long Start)> _waiting = new();
    private long _end;

    /// <summary>Code points before the first token that was not yet taken.</summary>
    public int TextOffset { get; private set; }

    /// <summary>The tokens of one read, one behind the other.</summary>
    public void Add(IReadOnlyList<TokenLogProb>? tokens)
    {
        foreach (var token in tokens ?? [])
        {
            _waiting.Enqueue((token, _end));
            _end += BytesOf(token.Token);
        }
    }

    /// <summary>A token that begins at a place of the text, in bytes.</summary>
    public void Add(TokenLogProb token, long start) => _waiting.Enqueue((token, start));

    /// <summary>The tokens that begin in the first <paramref name="visible"/> bytes of the text.</summary>
    public List<TokenLogProb> Take(long visible)
    {
        var tokens = new List<TokenLogProb>();
        while (_waiting.TryPeek(out var next) && next.Start < visible)
        {
            _waiting.Dequeue();
            tokens.Add(next.Token);
            TextOffset += CompletionDialect.CodePoints(next.Token.Token);
        }

        return tokens;
    }

    /// <summary>All that are left: the text has ended by itself.</summary>
    public List<TokenLogProb> TakeRest() => Take(long.MaxValue);

    /// <summary>A token that is a part of a character decodes to U+FFFD (3 bytes), but stands for one byte, as a rule.</summary>
    public static int BytesOf(string token) => Encoding.UTF8.GetByteCount(token) - (2 * token.Count(c => c == '\uFFFD'));
}
