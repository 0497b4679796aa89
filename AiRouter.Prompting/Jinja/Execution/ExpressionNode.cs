using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>An expression, ready to run.</summary>
internal abstract class ExpressionNode
{
    /// <summary>Its value.</summary>
    public abstract JinjaValue Evaluate(Activation activation);

    /// <summary>Whether its value counts as true; where no value need be made for that, it is not.</summary>
    public virtual bool IsTrue(Activation activation) => Evaluate(activation).IsTrue;

    /// <summary>
    /// Whether it is true whenever the variable <paramref name="slot"/> holds a character, when that is the same for all
    /// characters and nothing else happens; else null.
    /// </summary>
    public virtual bool? IsTrueForCharacters(int slot) => null;

    /// <summary>Whether it is undefined whenever the variable <paramref name="slot"/> holds a character.</summary>
    public virtual bool IsUndefinedForCharacters(int slot) => false;

    /// <summary>Writes its value; where no text need be made for that, it is not.</summary>
    public virtual void Write(Activation activation)
    {
        var value = Evaluate(activation);
        activation.Run.Text.Write(value, activation.Run);
    }
}
