namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>A statement, ready to run.</summary>
internal abstract class StatementNode
{
    public abstract Flow Execute(Activation activation);

    /// <summary>Whether it does nothing whenever the variable <paramref name="slot"/> holds a character.</summary>
    public virtual bool IgnoresCharacters(int slot) => false;
}

/// <summary>What comes after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>Statements one after the other.</summary>
internal static class Body
{
    public static Flow Run(StatementNode[] body, Activation activation, ScopeEntry entry)
    {
        entry.Apply(activation);
        return Run(body, activation);
    }

    public static Flow Run(StatementNode[] body, Activation activation)
    {
        activation.Run.Spend(body.Length + 1);
        foreach (var statement in body)
        {
            var flow = statement.Execute(activation);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}
