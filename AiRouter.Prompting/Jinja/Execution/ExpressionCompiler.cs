using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Syntax;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Makes of expressions what runs.</summary>
/// <param name="template">What is known of the whole template.</param>
/// <param name="scope">Where names are looked up.</param>
/// <param name="isConditional">Whether it may never run: then an unknown filter is an error only if it does.</param>
internal sealed class ExpressionCompiler(TemplateCompiler template, Scope scope, bool isConditional)
{
    private static readonly ConstantNode _none = new(JinjaValue.None);

    public ExpressionNode Compile(Expression expression) => expression switch
    {
        TemplateData data => new ConstantNode(JinjaValue.From(data.Text)),
        Constant constant => new ConstantNode(constant.Value),
        NameExpression name => CompileName(name.Name),
        TupleLiteral tuple => CompileSequence(tuple.Items, isTuple: true, tuple.Offset),
        ListLiteral list => CompileSequence(list.Items, isTuple: false, list.Offset),
        DictLiteral dict => CompileDict(dict),
        Conditional conditional => CompileConditional(conditional),
        Binary { Operator: TokenKind.Add } sum => CompileSum(sum),
        Binary binary => new ArithmeticNode(
            binary.Operator, Compile(binary.Left), Compile(binary.Right), binary.Offset),
        Logical logical => new LogicalNode(logical.IsAnd, Compile(logical.Left), Compile(logical.Right)),
        Signed signed => CompileSigned(signed),
        Not not => new NotNode(Compile(not.Operand)),
        Comparisons comparisons => CompileComparisons(comparisons),
        Concatenation concatenation => new ConcatenationNode(
            CompileAll(concatenation.Items), concatenation.Offset),
        AttributeExpression attribute => CompileAttribute(attribute),
        ItemExpression item => CompileItem(item),
        CallExpression call => CompileCall(call, null),
        FilterExpression filter => CompileFilter(filter, Compile(filter.Operand!)),
        TestExpression test => CompileTest(test),
        _ => throw template.Source.SyntaxError(expression.Offset, "invalid syntax"),
    };

    /// <summary>A filter of <paramref name="operand"/>, which for a block is the block's text.</summary>
    public ExpressionNode CompileFilters(FilterExpression filter, ExpressionNode operand) =>
        CompileFilter(filter, filter.Operand is FilterExpression inner ? CompileFilters(inner, operand) : operand);

    /// <summary>A call; <paramref name="caller"/> is passed as <c>caller</c>.</summary>
    public ExpressionNode CompileCall(CallExpression call, ExpressionNode? caller)
    {
        var arguments = CompileArguments(call.Arguments, call.Offset, caller);
        return call.Callee is AttributeExpression method && CompileAttribute(method) is AttributeNode attribute
            ? new MethodCallNode(attribute, arguments, call.Offset)
            : new CallNode(Compile(call.Callee), arguments, call.Offset);
    }

    /// <summary>What is assigned to.</summary>
    public TargetNode CompileTarget(Expression target) => target switch
    {
        NameExpression name => new SlotTarget(scope.SlotOf(name.Name)),
        TupleLiteral tuple => new TupleTarget([.. tuple.Items.Select(CompileTarget)]),
        NamespaceTarget attribute => new AttributeTarget(
            CompileName(attribute.Name), JinjaName.Of(attribute.Attribute), attribute.Offset),
        _ => throw template.Source.SyntaxError(target.Offset, "can't assign to this"),
    };

    private static bool IsConstant(ExpressionNode node) => node is ConstantNode;

    private ExpressionNode CompileName(string name)
    {
        var owner = scope.Find(name);
        if (owner is null || owner.IsGlobal(name))
        {
            return new GlobalNode(template.GlobalOf(name));
        }

        var hops = scope.HopsTo(owner);
        var slot = owner.SlotOf(name);
        return hops == 0 ? new LocalNode(slot, name) : new OuterNode(hops, slot, name);
    }

    private ExpressionNode[] CompileAll(IReadOnlyList<Expression> expressions) => [.. expressions.Select(Compile)];

    // Values never change, so a list of constants is made once.
    private ExpressionNode CompileSequence(IReadOnlyList<Expression> expressions, bool isTuple, int offset)
    {
        var items = CompileAll(expressions);
        if (!Array.TrueForAll(items, IsConstant))
        {
            return new SequenceNode(items, isTuple, offset);
        }

        var values = Array.ConvertAll(items, static item => ((ConstantNode)item).Value);
        return new ConstantNode(isTuple ? JinjaValue.Tuple(values) : JinjaValue.List(values));
    }

    private ExpressionNode CompileDict(DictLiteral dict)
    {
        var items = dict.Items.Select(item => (Key: Compile(item.Key), Value: Compile(item.Value))).ToArray();
        if (!Array.TrueForAll(items, static item => item is { Key: ConstantNode { Value.IsString: true }, Value: ConstantNode }))
        {
            return new DictNode(items, dict.Offset);
        }

        var constant = new JinjaDict(items.Length);
        foreach (var (key, value) in items)
        {
            constant.Set(((ConstantNode)key).Value, ((ConstantNode)value).Value);
        }

        return new ConstantNode(JinjaValue.From(constant));
    }

    private ConditionalNode CompileConditional(Conditional conditional)
    {
        var inner = new ExpressionCompiler(template, scope, isConditional: true);
        var line = template.Source.PositionOf(conditional.Offset).Line;
        var otherwise = conditional.Else is not null
            ? inner.Compile(conditional.Else)
            : new ConstantNode(JinjaValue.UndefinedBecause(
                $"the inline if-expression on line {line} evaluated to false and no else section was defined."));
        return new ConditionalNode(inner.Compile(conditional.Test), inner.Compile(conditional.Then), otherwise);
    }

    private ExpressionNode CompileSum(Binary sum)
    {
        var operands = new List<ExpressionNode>();
        var offsets = new List<int>();
        Expression first = sum;
        while (first is Binary { Operator: TokenKind.Add } inner)
        {
            operands.Add(Compile(inner.Right));
            offsets.Add(inner.Offset);
            first = inner.Left;
        }

        operands.Add(Compile(first));
        offsets.Add(first.Offset);
        operands.Reverse();
        offsets.Reverse();
        JoinTexts(operands, offsets);
        return operands.Count == 1 ? operands[0] : new SumNode([.. operands], [.. offsets], template.MayHaveMarkup);
    }

    // (a + 'x') + 'y' is a + 'xy', whatever a is: only text can be added to text.
    private static void JoinTexts(List<ExpressionNode> operands, List<int> offsets)
    {
        for (var i = operands.Count - 1; i > 0; i--)
        {
            if (operands[i] is ConstantNode { Value.IsString: true } right &&
                operands[i - 1] is ConstantNode { Value.IsString: true } left)
            {
                operands[i - 1] = new ConstantNode(JinjaValue.From(left.Value.AsString + right.Value.AsString));
                operands.RemoveAt(i);
                offsets.RemoveAt(i);
            }
        }
    }

    private ExpressionNode CompileSigned(Signed signed)
    {
        var operand = Compile(signed.Operand);
        return operand is ConstantNode { Value.IsNumber: true } constant
            ? new ConstantNode(signed.IsNegative ? Arithmetic.Negate(constant.Value) : Arithmetic.Plus(constant.Value))
            : new SignedNode(signed.IsNegative, operand, signed.Offset);
    }

    private ExpressionNode CompileComparisons(Comparisons comparisons)
    {
        var first = Compile(comparisons.First);
        var rest = comparisons.Rest.Select(comparand => (comparand.Operator, Operand: Compile(comparand.Operand))).ToArray();
        if (rest.Length > 1)
        {
            return new ComparisonChainNode(first, rest, comparisons.Offset);
        }

        var (kind, operand) = rest[0];
        return kind is ComparisonOperator.Equal or ComparisonOperator.NotEqual &&
            operand is ConstantNode { Value.IsString: true } constant
            ? new TextEqualNode(first, constant.Value.AsString, kind == ComparisonOperator.Equal)
            : new ComparisonNode(kind, first, operand, comparisons.Offset);
    }

    private ExpressionNode CompileAttribute(AttributeExpression attribute)
    {
        var general = new AttributeNode(Compile(attribute.Owner), JinjaName.Of(attribute.Name), attribute.Offset);
        return attribute.Owner is NameExpression { Name: "loop" } && LoopContext.TryParse(attribute.Name, out var known) &&
            known is not (LoopAttribute.Cycle or LoopAttribute.Changed)
            ? new LoopAttributeNode(general.Owner, known, general)
            : general;
    }

    private ExpressionNode CompileItem(ItemExpression item)
    {
        var owner = Compile(item.Owner);
        if (item.Key is SliceExpression slice)
        {
            return new SliceNode(owner, Bound(slice.Start), Bound(slice.Stop), Bound(slice.Step), item.Offset);
        }

        var key = Compile(item.Key);
        return key is ConstantNode { Value.IsString: true } constant
            ? new NamedItemNode(owner, JinjaName.Of(constant.Value.AsString), item.Offset)
            : new ItemNode(owner, key, item.Offset);
    }

    private ExpressionNode Bound(Expression? bound) => bound is null ? _none : Compile(bound);

    private ExpressionNode CompileFilter(FilterExpression filter, ExpressionNode operand)
    {
        var arguments = CompileArguments(filter.Arguments, filter.Offset, null);
        return JinjaFilters.TryGet(filter.Name, out var function)
            ? new FilterNode(function, operand, arguments, filter.Offset)
            : Unknown("filter", filter.Name, filter.Offset);
    }

    private ExpressionNode CompileTest(TestExpression test)
    {
        var operand = Compile(test.Operand);
        var arguments = CompileArguments(test.Arguments, test.Offset, null);
        if (test.Arguments == Arguments.None && KindsOf(test.Name) is { } kinds)
        {
            return new KindTestNode(kinds, operand);
        }

        return JinjaTests.TryGet(test.Name, out var function)
            ? new TestNode(function, operand, arguments, test.Offset)
            : Unknown("test", test.Name, test.Offset);
    }

    private static int? KindsOf(string test) => test switch
    {
        "defined" => ~(1 << (int)JinjaKind.Undefined),
        "undefined" => 1 << (int)JinjaKind.Undefined,
        "none" => 1 << (int)JinjaKind.None,
        "string" => 1 << (int)JinjaKind.String,
        "boolean" => 1 << (int)JinjaKind.Boolean,
        "integer" => 1 << (int)JinjaKind.Integer,
        "float" => 1 << (int)JinjaKind.Float,
        "mapping" => 1 << (int)JinjaKind.Dict,
        _ => null,
    };

    private MissingNode Unknown(string kind, string name, int offset) =>
        isConditional
            ? new MissingNode($"No {kind} named '{name}' found.", offset)
            : throw template.Source.SyntaxError(offset, $"No {kind} named '{name}'.", "Look for a misspelling.");

    private ArgumentNodes CompileArguments(Arguments arguments, int offset, ExpressionNode? caller)
    {
        var names = arguments.Named.Select(static argument => argument.Name);
        var named = arguments.Named.Select(argument => Compile(argument.Value));
        return new ArgumentNodes(
            CompileAll(arguments.Positional),
            caller is null ? [.. names] : [.. names, "caller"],
            caller is null ? [.. named] : [.. named, caller],
            arguments.Spread is null ? null : Compile(arguments.Spread),
            arguments.NamedSpread is null ? null : Compile(arguments.NamedSpread),
            offset);
    }
}
