namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>Reads a template's statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;

    // The tags that are open, and what may close the innermost: for messages.
    private readonly Stack<string> _tags = new();
    private readonly Stack<string[]> _ends = new();

    // How many loops break and continue can reach; a macro's body reaches none outside.
    private int _loops;

    private TemplateParser(JinjaSource source)
    {
        _stream = new TokenStream(source);
        _expressions = new ExpressionParser(_stream);
    }

    /// <summary>The statements of a whole template.</summary>
    /// <exception cref="JinjaException">It is none.</exception>
    public static List<Statement> Parse(JinjaSource source) => new TemplateParser(source).ParseBody([]);

    private List<Statement> ParseBody(string[] ends)
    {
        var body = new List<Statement>();
        var parts = new List<Expression>();
        while (_stream.Kind != TokenKind.EndOfTemplate)
        {
            var token = _stream.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    parts.Add(new TemplateData(token.Offset, token.Text));
                    break;
                case TokenKind.VariableBegin:
                    parts.Add(_expressions.ParseTuple());
                    _stream.Expect(TokenKind.VariableEnd);
                    break;
                default:
                    Flush();
                    if (_stream.Kind == TokenKind.Name && ends.Contains(_stream.Current.Text))
                    {
                        return body;
                    }

                    body.Add(ParseStatement());
                    _stream.Expect(TokenKind.BlockEnd);
                    break;
            }
        }

        Flush();
        return body;

        void Flush()
        {
            if (parts.Count > 0)
            {
                body.Add(new Output(parts[0].Offset, [.. parts]));
                parts.Clear();
            }
        }
    }

    /// <summary>What stands up to one of <paramref name="ends"/>, of which the name is then the current token.</summary>
    private List<Statement> ParseStatements(params string[] ends)
    {
        _stream.TrySkip(TokenKind.Colon);
        _stream.Expect(TokenKind.BlockEnd);
        _stream.Enter();
        _ends.Push(ends);
        var body = ParseBody(ends);
        if (_stream.Kind == TokenKind.EndOfTemplate)
        {
            throw Unexpected(null, _stream.Offset);
        }

        _ends.Pop();
        _stream.Leave();
        return body;
    }

    private List<Statement> ParseUntil(string end)
    {
        var body = ParseStatements(end);
        _stream.Take();
        return body;
    }

    private Statement ParseStatement()
    {
        var token = _stream.Current;
        if (token.Kind != TokenKind.Name)
        {
            throw _stream.Fail("tag name expected");
        }

        _tags.Push(token.Text);
        var statement = ParseTag(token);
        _tags.Pop();
        return statement;
    }

    private Statement ParseTag(Token tag)
    {
        switch (tag.Text)
        {
            case "for":
                return ParseFor();
            case "if":
                return ParseIf();
            case "set":
                return ParseSet();
            case "with":
                return ParseWith();
            case "macro":
                return ParseMacro();
            case "call":
                return ParseCallBlock();
            case "filter":
                return ParseFilterBlock();
            case "print":
                return ParsePrint();
            case "generation":
                _stream.Take();
                return new Generation(tag.Offset, new MacroBody(tag.Offset, [], [], ParseOutsideLoops("endgeneration")));
            case "break" or "continue":
                return ParseLoopControl();
            case "include" or "import" or "from" or "extends" or "block":
                throw _stream.Fail(
                    $"the tag '{tag.Text}' is not supported: a prompt format is one file", "Put everything into this template.");
            case "autoescape":
                throw _stream.Fail("the tag 'autoescape' is not supported: a prompt is no HTML", "Use the filter escape.");
            default:
                _tags.Pop();
                throw Unexpected(tag.Text, tag.Offset);
        }
    }

    private For ParseFor()
    {
        var offset = _stream.Take().Offset;
        var target = _expressions.ParseTarget(end: "in");
        _stream.ExpectName("in");
        var source = _expressions.ParseTuple(withConditional: false, end: "recursive");
        var test = _stream.TrySkip("if") ? _expressions.ParseExpression() : null;
        var isRecursive = _stream.TrySkip("recursive");
        _loops++;
        var body = ParseStatements("endfor", "else");
        _loops--;
        List<Statement> otherwise = [];
        if (_stream.Take().Text == "else")
        {
            otherwise = isRecursive ? ParseOutsideLoops("endfor") : ParseUntil("endfor");
        }

        return new For(offset, target, source, test, isRecursive, body, otherwise);
    }

    private If ParseIf()
    {
        var offset = _stream.Take().Offset;
        var branches = new List<Branch>();
        while (true)
        {
            var test = _expressions.ParseTuple(withConditional: false);
            branches.Add(new Branch(test, ParseStatements("elif", "else", "endif")));
            switch (_stream.Take().Text)
            {
                case "elif":
                    break;
                case "else":
                    return new If(offset, branches, ParseUntil("endif"));
                default:
                    return new If(offset, branches, []);
            }
        }
    }

    private Statement ParseSet()
    {
        var offset = _stream.Take().Offset;
        var target = _expressions.ParseTarget(withNamespace: true);
        if (_stream.TrySkip(TokenKind.Assign))
        {
            return new Set(offset, target, _expressions.ParseTuple());
        }

        var filter = _expressions.ParseFilters(null);
        return new SetBlock(offset, target, filter, ParseUntil("endset"));
    }

    private With ParseWith()
    {
        var offset = _stream.Take().Offset;
        var assignments = new List<(Expression, Expression)>();
        while (_stream.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
            {
                _stream.Expect(TokenKind.Comma);
            }

            var target = _expressions.ParseTarget();
            _stream.Expect(TokenKind.Assign);
            assignments.Add((target, _expressions.ParseExpression()));
        }

        return new With(offset, assignments, ParseUntil("endwith"));
    }

    private Macro ParseMacro()
    {
        var offset = _stream.Take().Offset;
        var name = _expressions.ParseNameTarget().Name;
        var (parameters, defaults) = ParseSignature();
        return new Macro(offset, name, new MacroBody(offset, parameters, defaults, ParseOutsideLoops("endmacro")));
    }

    private CallBlock ParseCallBlock()
    {
        var offset = _stream.Take().Offset;
        var (parameters, defaults) = _stream.Kind == TokenKind.LeftParenthesis ? ParseSignature() : ([], []);
        if (_expressions.ParseExpression() is not CallExpression call)
        {
            throw _stream.Fail(offset, "expected call", "Write {% call name(arguments) %}.");
        }

        return new CallBlock(offset, call, new MacroBody(offset, parameters, defaults, ParseOutsideLoops("endcall")));
    }

    private (List<NameExpression> Parameters, List<Expression> Defaults) ParseSignature()
    {
        var parameters = new List<NameExpression>();
        var defaults = new List<Expression>();
        _stream.Expect(TokenKind.LeftParenthesis);
        while (_stream.Kind != TokenKind.RightParenthesis)
        {
            if (parameters.Count > 0)
            {
                _stream.Expect(TokenKind.Comma);
            }

            var parameter = _expressions.ParseNameTarget();
            if (parameters.Exists(other => other.Name == parameter.Name))
            {
                throw _stream.Fail(parameter.Offset, $"duplicate argument '{parameter.Name}'", "Each needs its own name.");
            }

            if (_stream.TrySkip(TokenKind.Assign))
            {
                defaults.Add(_expressions.ParseExpression());
            }
            else if (defaults.Count > 0)
            {
                throw _stream.Fail("non-default argument follows default argument");
            }

            parameters.Add(parameter);
        }

        _stream.Expect(TokenKind.RightParenthesis);
        return (parameters, defaults);
    }

    private FilterBlock ParseFilterBlock()
    {
        var offset = _stream.Take().Offset;
        var filter = _expressions.ParseFilters(null, startsWithName: true)!;
        return new FilterBlock(offset, filter, ParseUntil("endfilter"));
    }

    private Output ParsePrint()
    {
        var offset = _stream.Take().Offset;
        var parts = new List<Expression>();
        while (_stream.Kind != TokenKind.BlockEnd)
        {
            if (parts.Count > 0)
            {
                _stream.Expect(TokenKind.Comma);
            }

            parts.Add(_expressions.ParseExpression());
        }

        return new Output(offset, parts);
    }

    private LoopControl ParseLoopControl()
    {
        var tag = _stream.Take();
        return _loops > 0
            ? new LoopControl(tag.Offset, tag.Text == "break")
            : throw _stream.Fail(
                tag.Offset,
                tag.Text == "break" ? "'break' outside loop" : "'continue' not properly in loop",
                "It belongs into a for; a macro or call block in one is outside.");
    }

    private List<Statement> ParseOutsideLoops(string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseUntil(end);
        _loops = loops;
        return body;
    }

    /// <summary>An unknown tag, or with <paramref name="tag"/> null the end of the template.</summary>
    private JinjaException Unexpected(string? tag, int offset)
    {
        var reason = tag is null ? "Unexpected end of template." : $"Encountered unknown tag '{tag}'.";
        if (_ends.TryPeek(out var looking))
        {
            var tags = string.Join(" or ", looking.Select(static end => $"'{end}'"));
            reason += tag is not null && _ends.Any(ends => ends.Contains(tag))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {tags}."
                : $" Jinja was looking for the following tags: {tags}.";
        }

        if (_tags.TryPeek(out var innermost))
        {
            reason += $" The innermost block that needs to be closed is '{innermost}'.";
        }

        return _stream.Fail(offset, reason);
    }
}
