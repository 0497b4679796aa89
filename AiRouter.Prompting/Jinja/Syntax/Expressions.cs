using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>What has a value; as parsed, before names are resolved.</summary>
/// <param name="Offset">Where it stands in the source.</param>
internal abstract record Expression(int Offset);

/// <summary>The text between tags.</summary>
internal sealed record TemplateData(int Offset, string Text) : Expression(Offset);

/// <summary>A literal.</summary>
internal sealed record Constant(int Offset, JinjaValue Value) : Expression(Offset);

/// <summary>A variable.</summary>
internal sealed record NameExpression(int Offset, string Name) : Expression(Offset);

/// <summary><c>namespace.attribute</c> as the target of an assignment.</summary>
internal sealed record NamespaceTarget(int Offset, string Name, string Attribute) : Expression(Offset);

/// <summary><c>(a, b)</c>.</summary>
internal sealed record TupleLiteral(int Offset, IReadOnlyList<Expression> Items) : Expression(Offset);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record ListLiteral(int Offset, IReadOnlyList<Expression> Items) : Expression(Offset);

/// <summary><c>{a: b}</c>.</summary>
internal sealed record DictLiteral(int Offset, IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression(Offset);

/// <summary><c>a if b else c</c>.</summary>
internal sealed record Conditional(int Offset, Expression Test, Expression Then, Expression? Else) : Expression(Offset);

/// <summary>Arithmetic: <c>+ - * / // % **</c>.</summary>
internal sealed record Binary(int Offset, TokenKind Operator, Expression Left, Expression Right) : Expression(Offset);

/// <summary><c>and</c>, <c>or</c>.</summary>
internal sealed record Logical(int Offset, bool IsAnd, Expression Left, Expression Right) : Expression(Offset);

/// <summary>A sign before a value.</summary>
internal sealed record Signed(int Offset, bool IsNegative, Expression Operand) : Expression(Offset);

/// <summary><c>not a</c>.</summary>
internal sealed record Not(int Offset, Expression Operand) : Expression(Offset);

/// <summary><c>a &lt; b &lt; c</c>.</summary>
internal sealed record Comparisons(int Offset, Expression First, IReadOnlyList<Comparand> Rest) : Expression(Offset);

/// <summary>An operator of a comparison and what stands after it.</summary>
internal sealed record Comparand(ComparisonOperator Operator, Expression Operand);

/// <summary>How two values are compared.</summary>
internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// <summary><c>a ~ b</c>.</summary>
internal sealed record Concatenation(int Offset, IReadOnlyList<Expression> Items) : Expression(Offset);

/// <summary><c>a.name</c>.</summary>
internal sealed record AttributeExpression(int Offset, Expression Owner, string Name) : Expression(Offset);

/// <summary><c>a[key]</c>.</summary>
internal sealed record ItemExpression(int Offset, Expression Owner, Expression Key) : Expression(Offset);

/// <summary><c>start:stop:step</c> in square brackets.</summary>
internal sealed record SliceExpression(int Offset, Expression? Start, Expression? Stop, Expression? Step)
    : Expression(Offset);

/// <summary><c>a(arguments)</c>.</summary>
internal sealed record CallExpression(int Offset, Expression Callee, Arguments Arguments) : Expression(Offset);

/// <summary><c>a|name(arguments)</c>; without an operand it filters the text of its block.</summary>
internal sealed record FilterExpression(int Offset, Expression? Operand, string Name, Arguments Arguments)
    : Expression(Offset);

/// <summary><c>a is name(arguments)</c>.</summary>
internal sealed record TestExpression(int Offset, Expression Operand, string Name, Arguments Arguments)
    : Expression(Offset);

/// <summary>What stands in the brackets of a call.</summary>
internal sealed record Arguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Spread,
    Expression? NamedSpread)
{
    public static Arguments None { get; } = new([], [], null, null);

    public static Arguments One(Expression argument) => new([argument], [], null, null);
}
