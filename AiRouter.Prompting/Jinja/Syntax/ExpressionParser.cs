using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>Reads expressions, with the precedence of Jinja2's own parser (which differs from Python's at <c>**</c> and signs).</summary>
internal sealed partial class ExpressionParser(TokenStream stream)
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
}
