using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>What stands between operators: literals, names, look-ups, calls, filters and tests.</summary>
internal sealed partial class ExpressionParser
{
    private Expression ParseNamespaceOrPrimary()
    {
        if (stream.Kind != TokenKind.Name || stream.Next.Kind != TokenKind.Dot)
        {
            return ParsePrimary();
        }

        var name = stream.Take();
        stream.Take();
        return new NamespaceTarget(name.Offset, name.Text, stream.Expect(TokenKind.Name).Text);
    }

    private Expression ParsePrimary()
    {
        var token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Take();
                return token.Text switch
                {
                    "true" or "True" => new Constant(token.Offset, JinjaValue.True),
                    "false" or "False" => new Constant(token.Offset, JinjaValue.False),
                    "none" or "None" => new Constant(token.Offset, JinjaValue.None),
                    _ => new NameExpression(token.Offset, token.Text),
                };
            case TokenKind.String:
                return ParseString();
            case TokenKind.Integer:
                stream.Take();
                return new Constant(token.Offset, JinjaValue.From(Numbers.ToInteger(token.Text)));
            case TokenKind.Float:
                stream.Take();
                return new Constant(token.Offset, JinjaValue.From(Numbers.ToFloat(token.Text)));
            case TokenKind.LeftParenthesis:
                stream.Take();
                var inner = ParseTuple(ParseExpression, _noEnd, isInBrackets: true);
                stream.Expect(TokenKind.RightParenthesis);
                return inner;
            case TokenKind.LeftBracket:
                return ParseList();
            case TokenKind.LeftBrace:
                return ParseDict();
            default:
                throw stream.Fail($"unexpected '{token.Describe()}'", "A value is expected here.");
        }
    }

    private Constant ParseString()
    {
        var token = stream.Take();
        var text = token.Text;
        while (stream.Kind == TokenKind.String)
        {
            text += stream.Take().Text;
        }

        return new Constant(token.Offset, JinjaValue.From(text));
    }

    private ListLiteral ParseList()
    {
        var offset = stream.Expect(TokenKind.LeftBracket).Offset;
        var items = new List<Expression>();
        while (stream.Kind != TokenKind.RightBracket)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            if (stream.Kind == TokenKind.RightBracket)
            {
                break;
            }

            items.Add(ParseExpression());
        }

        stream.Expect(TokenKind.RightBracket);
        return new ListLiteral(offset, items);
    }

    private DictLiteral ParseDict()
    {
        var offset = stream.Expect(TokenKind.LeftBrace).Offset;
        var items = new List<(Expression, Expression)>();
        while (stream.Kind != TokenKind.RightBrace)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            if (stream.Kind == TokenKind.RightBrace)
            {
                break;
            }

            var key = ParseExpression();
            stream.Expect(TokenKind.Colon);
            items.Add((key, ParseExpression()));
        }

        stream.Expect(TokenKind.RightBrace);
        return new DictLiteral(offset, items);
    }

    private Expression ParsePostfix(Expression node)
    {
        while (true)
        {
            switch (stream.Kind)
            {
                case TokenKind.Dot:
                    node = ParseAttribute(node);
                    break;
                case TokenKind.LeftBracket:
                    node = ParseSubscript(node);
                    break;
                case TokenKind.LeftParenthesis:
                    node = ParseCall(node);
                    break;
                default:
                    return node;
            }
        }
    }

    private Expression ParseFiltersAndTests(Expression node)
    {
        while (true)
        {
            if (stream.Kind == TokenKind.Pipe)
            {
                node = ParseFilters(node)!;
            }
            else if (stream.Current.IsName("is"))
            {
                node = ParseTest(node);
            }
            else if (stream.Kind == TokenKind.LeftParenthesis)
            {
                node = ParseCall(node);
            }
            else
            {
                return node;
            }
        }
    }

    private Expression ParseAttribute(Expression owner)
    {
        var offset = stream.Take().Offset;
        var token = stream.Take();
        return token.Kind switch
        {
            TokenKind.Name => new AttributeExpression(offset, owner, token.Text),
            TokenKind.Integer => new ItemExpression(
                offset, owner, new Constant(token.Offset, JinjaValue.From(Numbers.ToInteger(token.Text)))),
            _ => throw stream.Fail(token.Offset, "expected name or number"),
        };
    }

    private ItemExpression ParseSubscript(Expression owner)
    {
        var offset = stream.Take().Offset;
        var keys = new List<Expression>();
        while (stream.Kind != TokenKind.RightBracket)
        {
            if (keys.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            keys.Add(ParseSubscribed());
        }

        stream.Expect(TokenKind.RightBracket);
        if (keys.Count != 1 && keys.Exists(static key => key is SliceExpression))
        {
            throw stream.Fail(offset, "a slice stands alone in its brackets");
        }

        return new ItemExpression(offset, owner, keys.Count == 1 ? keys[0] : new TupleLiteral(offset, keys));
    }

    private Expression ParseSubscribed()
    {
        var offset = stream.Offset;
        Expression? start = null;
        if (stream.Kind != TokenKind.Colon)
        {
            start = ParseExpression();
            if (stream.Kind != TokenKind.Colon)
            {
                return start;
            }
        }

        stream.Take();
        var stop = ParseBound();
        var step = stream.TrySkip(TokenKind.Colon) ? ParseBound() : null;
        return new SliceExpression(offset, start, stop, step);
    }

    private Expression? ParseBound() =>
        stream.Kind is TokenKind.Colon or TokenKind.RightBracket or TokenKind.Comma ? null : ParseExpression();

    private CallExpression ParseCall(Expression callee)
    {
        var offset = stream.Offset;
        return new CallExpression(offset, callee, ParseArguments());
    }

    private Arguments ParseOptionalArguments() =>
        stream.Kind == TokenKind.LeftParenthesis ? ParseArguments() : Arguments.None;

    private Arguments ParseArguments()
    {
        var offset = stream.Expect(TokenKind.LeftParenthesis).Offset;
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? spread = null;
        Expression? namedSpread = null;
        var isFirst = true;
        while (stream.Kind != TokenKind.RightParenthesis)
        {
            if (!isFirst)
            {
                stream.Expect(TokenKind.Comma);
                if (stream.Kind == TokenKind.RightParenthesis)
                {
                    break;
                }
            }

            isFirst = false;
            var isNamed = stream.Kind == TokenKind.Name && stream.Next.Kind == TokenKind.Assign;
            if (namedSpread is not null || (spread is not null && stream.Kind != TokenKind.Pow && !isNamed) ||
                (named.Count > 0 && !isNamed && stream.Kind is not (TokenKind.Pow or TokenKind.Mul)))
            {
                throw stream.Fail(offset, "invalid syntax for function call expression", "Named arguments come last.");
            }

            if (stream.TrySkip(TokenKind.Mul))
            {
                spread = ParseExpression();
            }
            else if (stream.TrySkip(TokenKind.Pow))
            {
                namedSpread = ParseExpression();
            }
            else if (isNamed)
            {
                var name = stream.Take();
                stream.Take();
                named.Add(named.Exists(other => other.Item1 == name.Text)
                    ? throw stream.Fail(name.Offset, $"keyword argument repeated: {name.Text}", "Give it once.")
                    : (name.Text, ParseExpression()));
            }
            else
            {
                positional.Add(ParseExpression());
            }
        }

        stream.Expect(TokenKind.RightParenthesis);
        return new Arguments(positional, named, spread, namedSpread);
    }

    private (string Name, int Offset) ParseDottedName()
    {
        var token = stream.Expect(TokenKind.Name);
        var name = token.Text;
        while (stream.TrySkip(TokenKind.Dot))
        {
            name += "." + stream.Expect(TokenKind.Name).Text;
        }

        return (name, token.Offset);
    }

    private Expression ParseTest(Expression operand)
    {
        var offset = stream.Take().Offset;
        var isNegated = stream.TrySkip("not");
        var (name, _) = ParseDottedName();
        var test = new TestExpression(offset, operand, name, ParseTestArguments());
        return isNegated ? new Not(offset, test) : test;
    }

    private Arguments ParseTestArguments()
    {
        if (stream.Kind == TokenKind.LeftParenthesis)
        {
            return ParseArguments();
        }

        var current = stream.Current;
        var isArgument = current.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            or TokenKind.LeftBracket or TokenKind.LeftBrace;
        if (!isArgument || current.IsName("else") || current.IsName("or") || current.IsName("and"))
        {
            return Arguments.None;
        }

        if (current.IsName("is"))
        {
            throw stream.Fail("You cannot chain multiple tests with is", "Join them with and.");
        }

        return Arguments.One(ParsePostfix(ParsePrimary()));
    }
}
