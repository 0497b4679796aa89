using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The arguments of a call sorted to a function's parameters, as Python does.</summary>
internal readonly ref struct CallArguments
{
    private readonly JinjaCall _call;
    private readonly string _function;
    private readonly string[] _parameters;

    /// <summary>Checks that the call fits.</summary>
    /// <param name="call">The call.</param>
    /// <param name="function">The function's name, for messages.</param>
    /// <param name="parameters">The names of the parameters, in order.</param>
    /// <param name="required">How many of them, from the first, must be given.</param>
    /// <exception cref="JinjaValueException">
    /// Too many arguments, too few, twice the same or one of an unknown name.
    /// </exception>
    public CallArguments(in JinjaCall call, string function, string[] parameters, int required = 0)
    {
        _call = call;
        _function = function;
        _parameters = parameters;
        if (call.Positional.Length > parameters.Length)
        {
            throw JinjaValueException.TypeError(
                $"{function}() takes at most {parameters.Length} arguments ({call.Positional.Length} given)");
        }

        foreach (var name in call.Names)
        {
            var position = Array.IndexOf(parameters, name);
            if (position < 0)
            {
                throw JinjaValueException.TypeError($"{function}() got an unexpected keyword argument '{name}'");
            }

            if (position < call.Positional.Length)
            {
                throw JinjaValueException.TypeError($"{function}() got multiple values for argument '{name}'");
            }
        }

        for (var i = call.Positional.Length; i < required; i++)
        {
            if (!call.Names.Contains(parameters[i]))
            {
                throw JinjaValueException.TypeError($"{function}() missing required argument: '{parameters[i]}'");
            }
        }
    }

    /// <summary>The rendering.</summary>
    public JinjaRun Run => _call.Run;

    /// <summary>The argument for parameter <paramref name="index"/>, if it was given.</summary>
    public bool TryGet(int index, out JinjaValue value)
    {
        if (index < _call.Positional.Length)
        {
            value = _call.Positional[index];
            return true;
        }

        return _call.TryGetNamed(_parameters[index], out value);
    }

    /// <summary>The argument for parameter <paramref name="index"/>; <c>None</c> when it was not given.</summary>
    public JinjaValue Get(int index) => TryGet(index, out var value) ? value : JinjaValue.None;

    /// <summary>Whether the argument counts as true; false when it was not given.</summary>
    public bool IsTrue(int index, bool otherwise = false) => TryGet(index, out var value) ? value.IsTrue : otherwise;

    /// <summary>A whole number.</summary>
    /// <exception cref="JinjaValueException">It is none.</exception>
    public long Integer(int index, long otherwise) => TryGet(index, out var value) ? ToInteger(value) : otherwise;

    /// <summary>A text.</summary>
    /// <exception cref="JinjaValueException">It is none.</exception>
    public string String(int index, string otherwise)
    {
        if (!TryGet(index, out var value))
        {
            return otherwise;
        }

        return value.TryGetString(out var text)
            ? text
            : throw JinjaValueException.TypeError(
                $"{_function}() argument {index + 1} must be str, not {PythonTypes.NameOf(value)}");
    }

    /// <summary>A text, or null for <c>None</c>.</summary>
    /// <exception cref="JinjaValueException">It is neither.</exception>
    public string? StringOrNull(int index) => Get(index).IsNone ? null : String(index, string.Empty);

    /// <summary>Python's index of a value: a whole number, cut to 64 bits.</summary>
    /// <exception cref="JinjaValueException">It is none.</exception>
    public static long ToInteger(in JinjaValue value)
    {
        if (!value.IsInteger)
        {
            throw JinjaValueException.TypeError(
                $"'{PythonTypes.NameOf(value)}' object cannot be interpreted as an integer");
        }

        return value.TryGetInt64(out var number)
            ? number
            : throw JinjaValueException.OverflowError("Python int too large to convert to C ssize_t");
    }
}
