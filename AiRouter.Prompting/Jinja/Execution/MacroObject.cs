using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>A macro, or the body of a call block, as written in the template.</summary>
internal sealed class MacroCode
{
    /// <summary>Its name; null of a call block.</summary>
    public required string? Name { get; init; }

    /// <summary>What its parameters are called.</summary>
    public required string[] Parameters { get; init; }

    /// <summary>Where its parameters go.</summary>
    public required int[] ParameterSlots { get; init; }

    /// <summary>The values of parameters that are not given; null where a parameter has none.</summary>
    public required ExpressionNode?[] Defaults { get; init; }

    /// <summary>Where <c>caller</c>, <c>kwargs</c> and <c>varargs</c> go; -1 where the body does not use them.</summary>
    public required int CallerSlot { get; init; }

    /// <inheritdoc cref="CallerSlot"/>
    public required int NamedSlot { get; init; }

    /// <inheritdoc cref="CallerSlot"/>
    public required int RestSlot { get; init; }

    /// <summary>How many variables it has.</summary>
    public required FunctionLayout Layout { get; init; }

    /// <summary>How its variables begin.</summary>
    public required ScopeEntry Entry { get; init; }

    /// <summary>What it does.</summary>
    public required StatementNode[] Body { get; init; }
}

/// <summary>A macro with the variables it sees around it.</summary>
internal sealed class MacroObject(MacroCode code, Activation outer) : JinjaObject
{
    public override string TypeName => "jinja2.runtime.Macro";

    public override bool IsCallable => true;

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        value = name switch
        {
            "name" => JinjaValue.From(code.Name),
            "arguments" => JinjaValue.Tuple([.. code.Parameters.Select(JinjaValue.From)]),
            "catch_kwargs" => JinjaValue.From(code.NamedSlot >= 0),
            "catch_varargs" => JinjaValue.From(code.RestSlot >= 0),
            "caller" => JinjaValue.From(code.CallerSlot >= 0),
            _ => default,
        };
        return !value.IsMissing;
    }

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text) =>
        text.Append($"<Macro {(code.Name is null ? "anonymous" : PythonText.Repr(code.Name))}>");

    /// <summary>Runs it and returns what it writes.</summary>
    public override JinjaValue Call(in JinjaCall call)
    {
        var start = outer.Run.Text.BeginCapture();
        Write(call);
        return JinjaValue.From(outer.Run.Text.EndCapture(start, outer.Run));
    }

    /// <summary>Runs it.</summary>
    public void Write(in JinjaCall call)
    {
        var run = outer.Run;
        run.Enter();
        var activation = new Activation(run, outer, code.Layout.Slots);
        var at = run.At;
        Bind(call, activation);
        run.At = at;
        code.Entry.Apply(activation);
        FillDefaults(activation);
        Body.Run(code.Body, activation);
        run.Leave();
    }

    // As jinja2.runtime.Macro does it, whose messages these are.
    private void Bind(in JinjaCall call, Activation activation)
    {
        var slots = activation.Slots;
        var given = Math.Min(call.Positional.Length, code.Parameters.Length);
        for (var i = 0; i < given; i++)
        {
            slots[code.ParameterSlots[i]] = call.Positional[i];
        }

        var rest = code.NamedSlot >= 0 ? new JinjaDict() : null;
        var hasCaller = false;
        for (var i = 0; i < call.Names.Length; i++)
        {
            var name = call.Names[i];
            var parameter = Array.IndexOf(code.Parameters, name, given);
            if (parameter >= 0)
            {
                slots[code.ParameterSlots[parameter]] = call.Named[i];
            }
            else if (code.CallerSlot >= 0 && !hasCaller && name == "caller")
            {
                slots[code.CallerSlot] = call.Named[i];
                hasCaller = true;
            }
            else if (rest is not null)
            {
                rest.Set(name, call.Named[i]);
            }
            else
            {
                throw UnexpectedName(name);
            }
        }

        if (rest is not null)
        {
            slots[code.NamedSlot] = JinjaValue.From(rest);
        }

        if (code.CallerSlot >= 0 && !hasCaller)
        {
            slots[code.CallerSlot] = JinjaValue.UndefinedBecause("No caller defined");
        }

        BindRest(call, slots);
    }

    private void BindRest(in JinjaCall call, JinjaValue[] slots)
    {
        if (code.RestSlot >= 0)
        {
            var rest = call.Positional.Length > code.Parameters.Length ? call.Positional[code.Parameters.Length..] : [];
            slots[code.RestSlot] = JinjaValue.Tuple(rest.ToArray());
        }
        else if (call.Positional.Length > code.Parameters.Length)
        {
            throw new JinjaValueException(
                "TypeError", $"macro {NameRepr} takes not more than {code.Parameters.Length} argument(s)");
        }
    }

    private void FillDefaults(Activation activation)
    {
        for (var i = 0; i < code.Parameters.Length; i++)
        {
            ref var slot = ref activation.Slots[code.ParameterSlots[i]];
            if (slot.IsMissing)
            {
                slot = code.Defaults[i]?.Evaluate(activation) ??
                    JinjaValue.UndefinedBecause($"parameter '{code.Parameters[i]}' was not provided");
            }
        }
    }

    private string NameRepr => code.Name is null ? "None" : PythonText.Repr(code.Name);

    private JinjaValueException UnexpectedName(string name) => new("TypeError", name == "caller"
        ? $"macro {NameRepr} was invoked with two values for the special caller argument. This is most likely a bug."
        : $"macro {NameRepr} takes no keyword argument {PythonText.Repr(name)}");
}

/// <summary>Makes a macro of its code and what is around.</summary>
internal sealed class MacroNode(MacroCode code) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(new MacroObject(code, activation));
}
