namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>What a template does; as parsed.</summary>
/// <param name="Offset">Where it stands in the source.</param>
internal abstract record Statement(int Offset);

/// <summary>Text and values written one after the other.</summary>
internal sealed record Output(int Offset, IReadOnlyList<Expression> Parts) : Statement(Offset);

/// <summary><c>if … elif … else</c>.</summary>
internal sealed record If(int Offset, IReadOnlyList<Branch> Branches, IReadOnlyList<Statement> Else) : Statement(Offset);

/// <summary>A condition and what is done when it holds.</summary>
internal sealed record Branch(Expression Test, IReadOnlyList<Statement> Body);

/// <summary><c>for … in … if … recursive</c>, with its <c>else</c>.</summary>
internal sealed record For(
    int Offset,
    Expression Target,
    Expression Source,
    Expression? Test,
    bool IsRecursive,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Statement> Else) : Statement(Offset);

/// <summary><c>set target = value</c>.</summary>
internal sealed record Set(int Offset, Expression Target, Expression Value) : Statement(Offset);

/// <summary><c>set target | filter</c> … <c>endset</c>.</summary>
internal sealed record SetBlock(
    int Offset, Expression Target, FilterExpression? Filter, IReadOnlyList<Statement> Body) : Statement(Offset);

/// <summary><c>with a = b</c> … <c>endwith</c>.</summary>
internal sealed record With(
    int Offset, IReadOnlyList<(Expression Target, Expression Value)> Assignments, IReadOnlyList<Statement> Body)
    : Statement(Offset);

/// <summary><c>filter name</c> … <c>endfilter</c>.</summary>
internal sealed record FilterBlock(int Offset, FilterExpression Filter, IReadOnlyList<Statement> Body) : Statement(Offset);

/// <summary><c>macro name(parameters)</c> … <c>endmacro</c>.</summary>
internal sealed record Macro(int Offset, string Name, MacroBody Definition) : Statement(Offset);

/// <summary><c>call(parameters) macro(arguments)</c> … <c>endcall</c>.</summary>
internal sealed record CallBlock(int Offset, CallExpression Call, MacroBody Definition) : Statement(Offset);

/// <summary>
/// <c>generation</c> … <c>endgeneration</c>: marks what the assistant says, for training. It writes its body, which has the
/// scope of a call block.
/// </summary>
internal sealed record Generation(int Offset, MacroBody Definition) : Statement(Offset);

/// <summary>Parameters, the defaults of the last ones, and what is done.</summary>
internal sealed record MacroBody(
    int Offset, IReadOnlyList<NameExpression> Parameters, IReadOnlyList<Expression> Defaults, IReadOnlyList<Statement> Body);

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed record LoopControl(int Offset, bool IsBreak) : Statement(Offset);
