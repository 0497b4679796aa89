namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>The tokens of a template, read from the front.</summary>
internal sealed class TokenStream(JinjaSource source)
{
    // Each level takes a dozen frames of the parser's stack.
    private const int Deepest = 100;

    private readonly List<Token> _tokens = Lexer.Read(source);
    private int _at;
    private int _depth;

    public Token Current => _tokens[_at];

    public TokenKind Kind => _tokens[_at].Kind;

    public int Offset => _tokens[_at].Offset;

    public Token Next => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    public Token Take()
    {
        var token = _tokens[_at];
        _at = Math.Min(_at + 1, _tokens.Count - 1);
        return token;
    }

    public bool TrySkip(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }

        Take();
        return true;
    }

    public bool TrySkip(string name)
    {
        if (!Current.IsName(name))
        {
            return false;
        }

        Take();
        return true;
    }

    public Token Expect(TokenKind kind)
    {
        if (Kind == kind)
        {
            return Take();
        }

        throw Kind == TokenKind.EndOfTemplate
            ? Fail($"unexpected end of template, expected '{Token.Describe(kind)}'.")
            : Fail($"expected token '{Token.Describe(kind)}', got '{Current.Describe()}'");
    }

    public void ExpectName(string name)
    {
        if (!TrySkip(name))
        {
            throw Fail($"expected token '{name}', got '{Current.Describe()}'");
        }
    }

    /// <summary>Counts a level of nesting, so that no template can exhaust the stack.</summary>
    public void Enter()
    {
        if (++_depth > Deepest)
        {
            throw Fail("too deeply nested", $"{Deepest} levels of brackets or blocks are the most.");
        }
    }

    public void Leave() => _depth--;

    public JinjaException Fail(string reason, string advice = "") => Fail(Offset, reason, advice);

    public JinjaException Fail(int offset, string reason, string advice = "") => source.SyntaxError(offset, reason, advice);
}
