namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Why a value is undefined, where a name alone does not tell.</summary>
/// <param name="type">The exception that a use of it raises.</param>
internal abstract class JinjaUndefined(string type = "UndefinedError")
{
    /// <summary>The exception that a use of it raises.</summary>
    public string Type { get; } = type;

    /// <summary>What to say when it is used.</summary>
    public abstract string Message { get; }
}

/// <summary>An undefined value with a message of its own.</summary>
internal sealed class HintedUndefined(string message, string type = "UndefinedError") : JinjaUndefined(type)
{
    /// <inheritdoc/>
    public override string Message => message;
}

/// <summary>What was looked for in a value and not found. The message is made only when somebody wants it.</summary>
internal sealed class MissingItem(string owner, JinjaValue key) : JinjaUndefined
{
    /// <inheritdoc/>
    public override string Message => key.Kind == JinjaKind.String
        ? $"{PythonText.Repr(owner)} has no attribute {PythonText.Repr(key)}"
        : $"{owner} has no element {PythonText.Repr(key)}";
}
