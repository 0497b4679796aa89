using System.Buffers;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// Finds the tokens whose text became content, where a parser takes reasoning, calls and their markers out. The parts come
/// in the order of the model's text, so each is looked for behind the one before.
/// </summary>
internal sealed class ContentTokens
{
    private readonly Queue<(TokenLogProb Token, long Start, long End)> _waiting = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private int _place;
    private long _tokenEnd;
    private long _content;

    /// <summary>What the model wrote.</summary>
    public void Add(ReadOnlySpan<byte> text, IReadOnlyList<TokenLogProb>? tokens)
    {
        _text.Write(text);
        foreach (var token in tokens ?? [])
        {
            var start = _tokenEnd;
            _tokenEnd += LogProbTrack.BytesOf(token.Token);
            _waiting.Enqueue((token, start, _tokenEnd));
        }
    }

    /// <summary>A part that is content: its tokens go to <paramref name="track"/>.</summary>
    public void TakeContent(ReadOnlySpan<byte> part, LogProbTrack track)
    {
        var start = Find(part);
        var end = start + part.Length;
        while (_waiting.TryPeek(out var next) && next.Start < end)
        {
            _waiting.Dequeue();
            if (next.End > start)
            {
                track.Add(next.Token, _content + Math.Max(0, next.Start - start));
            }
        }

        _content += part.Length;
        _place = end;
    }

    /// <summary>A part that is not content.</summary>
    public void Skip(ReadOnlySpan<byte> part)
    {
        _place = Find(part) + part.Length;
        while (_waiting.TryPeek(out var next) && next.End <= _place)
        {
            _waiting.Dequeue();
        }
    }

    /// <summary>Where the part stands; one that the parser has written otherwise than the model stands nowhere.</summary>
    private int Find(ReadOnlySpan<byte> part)
    {
        var place = Math.Min(_place, _text.WrittenCount);
        var found = _text.WrittenSpan[place..].IndexOf(part);
        return found < 0 ? place : place + found;
    }
}
