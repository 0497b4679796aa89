using System.Text;

namespace AiRouter.TritonSimulator.Scripts;

/// <summary>A whole answer, made before its first token is sent.</summary>
internal sealed class Answer
{
    private const string DefaultText =
        "This is the Triton simulator. It has no model: every prompt gets these two sentences, unless words in double "
        + "brackets ask for something else.";

    private static readonly Token[] Default = [.. Tokenizer.Split(DefaultText).Select(text => new Token(text))];
    private static readonly Token[] Again = [.. Tokenizer.Split(" " + DefaultText).Select(text => new Token(text))];

    private Answer(IReadOnlyList<Token> tokens, string finishReason, string? stop, int promptTokens)
    {
        Tokens = tokens;
        FinishReason = finishReason;
        Stop = stop;
        PromptTokens = promptTokens;
    }

    /// <summary>At least one token, which may be empty.</summary>
    public IReadOnlyList<Token> Tokens { get; }

    /// <summary>stop or length, or what the script says.</summary>
    public string FinishReason { get; }

    /// <summary>The stop text that ended it.</summary>
    public string? Stop { get; }

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; }

    public static Answer Write(TextRequest request, Script script, int promptTokens)
    {
        IReadOnlyList<Token> tokens = Natural(script, out var again);
        if (script.SpecialsBefore.Count + script.SpecialsAfter.Count > 0)
        {
            tokens =
            [
                .. Specials(script.SpecialsBefore, request), .. tokens, .. Specials(script.SpecialsAfter, request),
            ];
        }

        var wanted = script.Tokens ?? tokens.Count;
        wanted = request.IgnoreEnd ? request.MaxTokens : Math.Max(wanted, request.MinTokens);
        var count = Math.Min(wanted, request.MaxTokens);
        var reason = wanted < request.MaxTokens ? "stop" : "length";
        if (count != tokens.Count)
        {
            tokens = Resize(tokens, again, count);
        }

        string? stop = null;
        if (request.Stops.Count > 0)
        {
            tokens = request.StopsAreTokens
                ? StopMatching.CutAfterTokens(tokens, request.Stops, out stop)
                : StopMatching.CutAtText(tokens, request.Stops, request.KeepStop, out stop);
            reason = stop is null ? reason : "stop";
        }

        if (script.LoseSpaces)
        {
            tokens = [.. tokens.Select(token => token.Text is { IsEmpty: false, Span: [(byte)' ', ..] }
                ? new Token(token.Text[1..])
                : token)];
        }

        return new Answer(tokens.Count == 0 ? [new Token(default)] : tokens, script.FinishReason ?? reason, stop, promptTokens);
    }

    private static Token[] Natural(Script script, out Token[] again)
    {
        if (script.HugeMiB > 0)
        {
            var huge = new byte[script.HugeMiB * 1024 * 1024];
            huge.AsSpan().Fill((byte)'x');
            return again = [new Token(huge)];
        }

        if (script.Text is null)
        {
            again = Again;
            return Default;
        }

        var texts = Tokenizer.Split(script.Text);
        Token[] tokens = [.. (script.SplitCharacters ? texts.SelectMany(Bytes) : texts).Select(text => new Token(text))];
        again = script.Text.Length == 0 ? Again : [new Token(" "u8.ToArray()), .. tokens];
        return tokens;
    }

    /// <summary>A token each; one that is skipped is still generated and counted, with no text.</summary>
    private static IEnumerable<Token> Specials(IReadOnlyList<string> texts, TextRequest request)
    {
        return texts.Select(text => new Token(request.SkipSpecialTokens ? default : Encoding.UTF8.GetBytes(text)));
    }

    private static Token[] Resize(IReadOnlyList<Token> tokens, Token[] again, int count)
    {
        var result = new Token[Math.Max(count, 0)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = i < tokens.Count ? tokens[i] : again[(i - tokens.Count) % again.Length];
        }

        return result;
    }

    /// <summary>A token that is one multi-byte character becomes one token per byte.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> text)
    {
        if (!text.Span.ContainsAnyExceptInRange((byte)0, (byte)127))
        {
            yield return text;
            yield break;
        }

        for (var i = 0; i < text.Length; i++)
        {
            yield return text.Slice(i, 1);
        }
    }

    /// <summary>The whole text.</summary>
    public byte[] Text()
    {
        using var text = new MemoryStream();
        foreach (var token in Tokens)
        {
            text.Write(token.Text.Span);
        }

        return text.ToArray();
    }

    /// <summary>Half characters of the bytes given become U+FFFD, as when a tokenizer decodes them alone.</summary>
    public static byte[] Detokenise(ReadOnlySpan<byte> bytes)
    {
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
    }
}
