using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>Reads expressions, with the precedence of Jinja2's own parser (which differs from Python's at <c>**</c> and signs).</summary>
internal sealed class ExpressionParser(TokenStream stream)
{
    private static readonly string[] _noEnd = [];

    /// <summary>An expression, or a tuple of them without brackets.</summary>
    public Expression ParseTuple(bool withConditional = true, string? end = null) =>
        ParseTuple(withConditional ? ParseExpression : ParseOr, end is null ? _noEnd : [end], isInBrackets: false);

    /// <summary>The target of a <c>for</c>, <c>set</c> or <c>with</c>.</summary>
    public Expression ParseTarget(string? end = null, bool withNamespace = false)
    {
        var offset = stream.Offset;
        var target = ParseTuple(
            withNamespace ? ParseNamespaceOrPrimary : ParsePrimary, end is null ? _noEnd : [end], isInBrackets: false);
        RequireTarget(target, offset);
        return target;
    }

    /// <summary>A name that is assigned to.</summary>
    public NameExpression ParseNameTarget()
    {
        var token = stream.Expect(TokenKind.Name);
        var name = new NameExpression(token.Offset, token.Text);
        RequireTarget(IsReserved(token.Text) ? new Constant(token.Offset, JinjaValue.None) : name, token.Offset);
        return name;
    }

    public Expression ParseExpression()
    {
        stream.Enter();
        var offset = stream.Offset;
        var result = ParseOr();
        while (stream.TrySkip("if"))
        {
            var test = ParseOr();
            var otherwise = stream.TrySkip("else") ? ParseExpression() : null;
            result = new Conditional(offset, test, result, otherwise);
        }

        stream.Leave();
        return result;
    }

    /// <summary>Filters after a value; of a block when there is no <paramref name="operand"/>.</summary>
    public FilterExpression? ParseFilters(Expression? operand, bool startsWithName = false)
    {
        var node = operand;
        while (startsWithName || stream.TrySkip(TokenKind.Pipe))
        {
            var (name, offset) = ParseDottedName();
            node = new FilterExpression(offset, node, name, ParseOptionalArguments());
            startsWithName = false;
        }

        return node as FilterExpression;
    }

    private static bool IsReserved(string name) => name is "true" or "false" or "none" or "True" or "False" or "None";

    private static ComparisonOperator? ComparisonOf(TokenKind kind) => kind switch
    {
        TokenKind.Equal => ComparisonOperator.Equal,
        TokenKind.NotEqual => ComparisonOperator.NotEqual,
        TokenKind.Less => ComparisonOperator.Less,
        TokenKind.LessOrEqual => ComparisonOperator.LessOrEqual,
        TokenKind.Greater => ComparisonOperator.Greater,
        TokenKind.GreaterOrEqual => ComparisonOperator.GreaterOrEqual,
        _ => null,
    };

    private void RequireTarget(Expression target, int offset)
    {
        switch (target)
        {
            case NameExpression or NamespaceTarget:
                return;
            case TupleLiteral tuple:
                foreach (var item in tuple.Items)
                {
                    RequireTarget(item, item.Offset);
                }

                return;
            default:
                var kind = target is Constant ? "const" : target is ListLiteral ? "list" : "dict";
                throw stream.Fail(offset, $"can't assign to '{kind}'", "Only names can be assigned to.");
        }
    }

    private Expression ParseTuple(Func<Expression> parse, string[] ends, bool isInBrackets)
    {
        var offset = stream.Offset;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            if (IsTupleEnd(ends))
            {
                break;
            }

            items.Add(parse());
            if (stream.Kind != TokenKind.Comma)
            {
                break;
            }

            isTuple = true;
        }

        if (!isTuple && items.Count == 1)
        {
            return items[0];
        }

        return isTuple || isInBrackets
            ? new TupleLiteral(offset, items)
            : throw stream.Fail($"Expected an expression, got '{stream.Current.Describe()}'");
    }

    private bool IsTupleEnd(string[] ends) =>
        stream.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.RightParenthesis ||
        (stream.Kind == TokenKind.Name && ends.Contains(stream.Current.Text));

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (stream.Current.IsName("or"))
        {
            var offset = stream.Take().Offset;
            left = new Logical(offset, IsAnd: false, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (stream.Current.IsName("and"))
        {
            var offset = stream.Take().Offset;
            left = new Logical(offset, IsAnd: true, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!stream.Current.IsName("not"))
        {
            return ParseComparison();
        }

        stream.Enter();
        var offset = stream.Take().Offset;
        var result = new Not(offset, ParseNot());
        stream.Leave();
        return result;
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<Comparand>();
        var offset = stream.Offset;
        while (true)
        {
            if (ComparisonOf(stream.Kind) is { } comparison)
            {
                stream.Take();
                rest.Add(new Comparand(comparison, ParseSum()));
            }
            else if (stream.TrySkip("in"))
            {
                rest.Add(new Comparand(ComparisonOperator.In, ParseSum()));
            }
            else if (stream.Current.IsName("not") && stream.Next.IsName("in"))
            {
                stream.Take();
                stream.Take();
                rest.Add(new Comparand(ComparisonOperator.NotIn, ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparisons(offset, first, rest);
            }
        }
    }

    private Expression ParseSum()
    {
        var left = ParseConcatenation();
        while (stream.Kind is TokenKind.Add or TokenKind.Sub)
        {
            var token = stream.Take();
            left = new Binary(token.Offset, token.Kind, left, ParseConcatenation());
        }

        return left;
    }

    private Expression ParseConcatenation()
    {
        var first = ParseProduct();
        if (stream.Kind != TokenKind.Tilde)
        {
            return first;
        }

        var offset = stream.Offset;
        var items = new List<Expression> { first };
        while (stream.TrySkip(TokenKind.Tilde))
        {
            items.Add(ParseProduct());
        }

        return new Concatenation(offset, items);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (stream.Kind is TokenKind.Mul or TokenKind.Div or TokenKind.FloorDiv or TokenKind.Mod)
        {
            var token = stream.Take();
            left = new Binary(token.Offset, token.Kind, left, ParsePower());
        }

        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseUnary();
        while (stream.Kind == TokenKind.Pow)
        {
            var offset = stream.Take().Offset;
            left = new Binary(offset, TokenKind.Pow, left, ParseUnary());
        }

        return left;
    }

    private Expression ParseUnary(bool withFilter = true)
    {
        var offset = stream.Offset;
        Expression node;
        if (stream.Kind is TokenKind.Sub or TokenKind.Add)
        {
            stream.Enter();
            node = new Signed(offset, stream.Take().Kind == TokenKind.Sub, ParseUnary(withFilter: false));
            stream.Leave();
        }
        else
        {
            node = ParsePrimary();
        }

        node = ParsePostfix(node);
        return withFilter ? ParseFiltersAndTests(node) : node;
    }

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
