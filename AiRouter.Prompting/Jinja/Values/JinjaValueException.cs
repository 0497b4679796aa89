namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// An operation that Python or Jinja2 refuses. The evaluator catches it and adds where in the template it happened.
/// </summary>
/// <param name="type">The name of Python's exception: <c>TypeError</c>, <c>UndefinedError</c>, …</param>
/// <param name="message">What Python says.</param>
public sealed class JinjaValueException(string type, string message) : Exception(message)
{
    /// <summary>The name of Python's exception.</summary>
    public string Type => type;

    internal static JinjaValueException TypeError(string message) => new("TypeError", message);

    internal static JinjaValueException ValueError(string message) => new("ValueError", message);

    internal static JinjaValueException KeyError(string message) => new("KeyError", message);

    internal static JinjaValueException IndexError(string message) => new("IndexError", message);

    internal static JinjaValueException OverflowError(string message) => new("OverflowError", message);

    internal static JinjaValueException ZeroDivision(string message) => new("ZeroDivisionError", message);

    internal static JinjaValueException AttributeError(string message) => new("AttributeError", message);

    internal static JinjaValueException Argument(string message) => new("FilterArgumentError", message);

    internal static JinjaValueException TooDeep() => new("RecursionError", "maximum recursion depth exceeded");
}
