using System.Text;

namespace AiRouter.TritonSimulator.Scripts;

/// <summary>The two ways in which engines stop at a text.</summary>
internal static class StopMatching
{
    /// <summary>
    /// TensorRT-LLM: a stop word was tokenised alone; when those very tokens appear, the answer ends after them. A text that
    /// starts or ends within a token of the answer is not seen.
    /// </summary>
    public static IReadOnlyList<Token> CutAfterTokens(
        IReadOnlyList<Token> tokens, IReadOnlyList<string> stops, out string? matched)
    {
        foreach (var (end, stop) in
            from stop in stops
            let words = Tokenizer.Split(stop)
            where words.Count > 0
            let end = End(tokens, words)
            where end > 0
            orderby end
            select (end, stop))
        {
            matched = stop;
            return [.. tokens.Take(end)];
        }

        matched = null;
        return tokens;
    }

    /// <summary>vLLM and the LLM API: the text is cut where the stop text begins, or ends when it is to be kept.</summary>
    public static IReadOnlyList<Token> CutAtText(
        IReadOnlyList<Token> tokens, IReadOnlyList<string> stops, bool keep, out string? matched)
    {
        matched = null;
        var text = tokens.SelectMany(token => token.Text.ToArray()).ToArray();
        var (begin, end) = (int.MaxValue, int.MaxValue);
        foreach (var stop in stops.Where(stop => stop.Length > 0))
        {
            var bytes = Encoding.UTF8.GetBytes(stop);
            var at = text.AsSpan().IndexOf(bytes);
            // The one that is complete first ends the answer.
            if (at >= 0 && at + bytes.Length < end)
            {
                (begin, end, matched) = (at, at + bytes.Length, stop);
            }
        }

        return matched is null ? tokens : Cut(tokens, keep ? end : begin);
    }

    private static int End(IReadOnlyList<Token> tokens, List<ReadOnlyMemory<byte>> words)
    {
        for (var start = 0; start + words.Count <= tokens.Count; start++)
        {
            var same = 0;
            while (same < words.Count && tokens[start + same].Text.Span.SequenceEqual(words[same].Span))
            {
                same++;
            }

            if (same == words.Count)
            {
                return start + same;
            }
        }

        return -1;
    }

    private static List<Token> Cut(IReadOnlyList<Token> tokens, int length)
    {
        var result = new List<Token>();
        foreach (var token in tokens)
        {
            if (length <= 0)
            {
                break;
            }

            result.Add(token.Text.Length <= length ? token : new Token(token.Text[..length]));
            length -= token.Text.Length;
        }

        return result;
    }
}
