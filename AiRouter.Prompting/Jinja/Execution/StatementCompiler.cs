using AiRouter.Prompting.Jinja.Syntax;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Makes of statements what runs.</summary>
/// <param name="template">What is known of the whole template.</param>
/// <param name="scope">The scope of the statements, its names known.</param>
/// <param name="isConditional">Whether they may never run.</param>
internal sealed class StatementCompiler(TemplateCompiler template, Scope scope, bool isConditional = false)
{
    private readonly ExpressionCompiler _expressions = new(template, scope, isConditional);

    public StatementNode[] Compile(IReadOnlyList<Statement> body)
    {
        var result = new List<StatementNode>(body.Count);
        foreach (var statement in body)
        {
            if (statement is Output output)
            {
                AddOutput(output, result);
            }
            else
            {
                result.Add(Compile(statement));
            }
        }

        return [.. result];
    }

    private static void AddText(string text, int offset, List<StatementNode> result)
    {
        if (text.Length > 0)
        {
            result.Add(new TextStatement(text, offset));
        }
    }

    private StatementNode Compile(Statement statement) => statement switch
    {
        If branches => CompileIf(branches),
        For loop => CompileFor(loop),
        Set set => new SetStatement(_expressions.CompileTarget(set.Target), _expressions.Compile(set.Value), set.Offset),
        SetBlock block => CompileSetBlock(block),
        With block => CompileWith(block),
        FilterBlock block => CompileFilterBlock(block),
        Macro macro => new SetStatement(
            new SlotTarget(scope.SlotOf(macro.Name)), new MacroNode(CompileMacro(macro.Name, macro.Definition)), macro.Offset),
        CallBlock block => new OutputStatement(
            _expressions.CompileCall(block.Call, new MacroNode(CompileMacro(null, block.Definition))), block.Call.Offset),
        Generation generation => new GenerationStatement(CompileMacro(null, generation.Definition)),
        LoopControl control => new LoopControlStatement(control.IsBreak ? Flow.Break : Flow.Continue),
        _ => throw template.Source.SyntaxError(statement.Offset, "invalid syntax"),
    };

    // Text and literals that follow each other become one text.
    private void AddOutput(Output output, List<StatementNode> result)
    {
        var text = string.Empty;
        var offset = output.Offset;
        foreach (var part in output.Parts)
        {
            offset = text.Length == 0 ? part.Offset : offset;
            switch (part)
            {
                case TemplateData data:
                    text += data.Text;
                    break;
                case Constant constant when constant.Value.TryGetString(out var literal):
                    text += literal;
                    break;
                default:
                    AddText(text, offset, result);
                    text = string.Empty;
                    result.Add(new OutputStatement(_expressions.Compile(part), part.Offset));
                    break;
            }
        }

        AddText(text, offset, result);
    }

    private IfStatement CompileIf(If statement)
    {
        var inner = new StatementCompiler(template, scope, isConditional: true);
        return new IfStatement(
            [.. statement.Branches.Select(branch => (inner._expressions.Compile(branch.Test), inner.Compile(branch.Body)))],
            inner.Compile(statement.Else));
    }

    private StatementNode CompileFor(For loop)
    {
        var use = NameUse.Of("loop", [loop]);
        if (use.IsAssigned)
        {
            throw template.Source.SyntaxError(
                loop.Offset, "Can't assign to special loop variable in for-loop target", "Choose another name than loop.");
        }

        var layout = loop.IsRecursive ? new FunctionLayout(scope.Function) : scope.Function;
        var bodyScope = new Scope(scope, layout);
        var elseScope = new Scope(scope, layout);
        var isExtended = loop.IsRecursive || NameUse.Of("loop", loop.Body).IsRead;
        if (isExtended)
        {
            bodyScope.Declare("loop");
        }

        var reader = new ScopeReader(bodyScope);
        reader.Begin(loop.Target);
        reader.Visit(loop.Body);
        new ScopeReader(elseScope).Visit(loop.Else);

        var body = new StatementCompiler(template, bodyScope);
        var code = new LoopCode(
            body._expressions.CompileTarget(loop.Target),
            isExtended ? bodyScope.SlotOf("loop") : -1,
            bodyScope.Enter(template.GlobalOf),
            body.Compile(loop.Body),
            loop.Test is null ? null : CompileFilter(loop.Target, loop.Test, layout),
            elseScope.Enter(template.GlobalOf),
            new StatementCompiler(template, elseScope).Compile(loop.Else),
            loop.Offset);
        var source = _expressions.Compile(loop.Source);
        return loop.IsRecursive ? new RecursiveForNode(source, code, layout) : new ForNode(source, code);
    }

    private LoopFilter CompileFilter(Expression target, Expression test, FunctionLayout layout)
    {
        var filterScope = new Scope(scope, layout);
        var reader = new ScopeReader(filterScope);
        reader.Begin(target);
        reader.Visit(test);
        var expressions = new ExpressionCompiler(template, filterScope, isConditional: false);
        return new LoopFilter(
            expressions.CompileTarget(target), filterScope.Enter(template.GlobalOf), expressions.Compile(test), test.Offset);
    }

    private CaptureStatement CompileSetBlock(SetBlock block)
    {
        var inner = new Scope(scope, scope.Function);
        var reader = new ScopeReader(inner);
        reader.Visit(block.Body);
        if (block.Filter is not null)
        {
            reader.Visit(block.Filter);
        }

        return CompileCapture(
            inner, block.Body, block.Filter, _expressions.CompileTarget(block.Target), block.Offset);
    }

    private CaptureStatement CompileFilterBlock(FilterBlock block)
    {
        var inner = new Scope(scope, scope.Function);
        var reader = new ScopeReader(inner);
        reader.Visit(block.Body);
        reader.Visit(block.Filter);
        return CompileCapture(inner, block.Body, block.Filter, null, block.Offset);
    }

    private CaptureStatement CompileCapture(
        Scope inner, IReadOnlyList<Statement> body, FilterExpression? filter, TargetNode? target, int offset)
    {
        var captured = new CapturedNode(scope.Function.NewSlot());
        var compiler = new StatementCompiler(template, inner);
        return new CaptureStatement(
            inner.Enter(template.GlobalOf),
            compiler.Compile(body),
            captured,
            filter is null ? captured : compiler._expressions.CompileFilters(filter, captured),
            target,
            offset);
    }

    private WithStatement CompileWith(With block)
    {
        var inner = new Scope(scope, scope.Function);
        var reader = new ScopeReader(inner);
        foreach (var (target, _) in block.Assignments)
        {
            reader.Begin(target);
        }

        reader.Visit(block.Body);
        var compiler = new StatementCompiler(template, inner);
        var assignments = block.Assignments
            .Select(assignment => (compiler._expressions.CompileTarget(assignment.Target), _expressions.Compile(assignment.Value)))
            .ToArray();
        return new WithStatement(inner.Enter(template.GlobalOf), assignments, compiler.Compile(block.Body), block.Offset);
    }

    private MacroCode CompileMacro(string? name, MacroBody macro)
    {
        var parameters = macro.Parameters.Select(static parameter => parameter.Name).ToArray();
        var layout = new FunctionLayout(scope.Function);
        var inner = new Scope(scope, layout);
        var reader = new ScopeReader(inner);
        foreach (var parameter in macro.Parameters)
        {
            reader.Begin(parameter);
        }

        var hasCaller = DeclareSpecial("caller", macro, parameters, inner);
        var hasNamed = DeclareSpecial("kwargs", macro, parameters, inner);
        var hasRest = DeclareSpecial("varargs", macro, parameters, inner);
        foreach (var value in macro.Defaults)
        {
            reader.Visit(value);
        }

        reader.Visit(macro.Body);
        var compiler = new StatementCompiler(template, inner);
        var defaults = new ExpressionNode?[parameters.Length];
        for (var i = 0; i < macro.Defaults.Count; i++)
        {
            defaults[parameters.Length - macro.Defaults.Count + i] = compiler._expressions.Compile(macro.Defaults[i]);
        }

        return new MacroCode
        {
            Name = name,
            Parameters = parameters,
            ParameterSlots = Array.ConvertAll(parameters, inner.SlotOf),
            Defaults = defaults,
            CallerSlot = hasCaller ? inner.SlotOf("caller") : -1,
            NamedSlot = hasNamed ? inner.SlotOf("kwargs") : -1,
            RestSlot = hasRest ? inner.SlotOf("varargs") : -1,
            Entry = inner.Enter(template.GlobalOf),
            Body = compiler.Compile(macro.Body),
            Layout = layout,
        };
    }

    private bool DeclareSpecial(string name, MacroBody macro, string[] parameters, Scope inner)
    {
        if (!NameUse.Of(name, macro.Body).IsRead)
        {
            return false;
        }

        var parameter = Array.IndexOf(parameters, name);
        if (parameter < 0)
        {
            inner.Declare(name);
            return true;
        }

        if (name == "caller" && parameter < parameters.Length - macro.Defaults.Count)
        {
            throw template.Source.SyntaxError(
                macro.Offset,
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.");
        }

        return false;
    }
}
