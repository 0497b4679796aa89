using System.Globalization;

namespace AiRouter.Benchmarks.Load;

/// <summary>The command line of a mode: <c>--name value</c>, all of them optional.</summary>
internal sealed class ModeOptions
{
    private readonly Dictionary<string, string> _values = [];

    private ModeOptions()
    {
    }

    /// <summary>Reads them; null, and a sentence on standard error, when one is not known or has no value.</summary>
    public static ModeOptions? Parse(string mode, string[] arguments, params string[] known)
    {
        var options = new ModeOptions();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!known.Contains(arguments[i]) || i + 1 == arguments.Length)
            {
                Console.Error.WriteLine($"{mode}: {arguments[i]} is not known or has no value (there are: {string.Join(", ", known)})");
                return null;
            }

            options._values[arguments[i]] = arguments[i + 1];
        }

        return options;
    }

    /// <summary>A number.</summary>
    public double Number(string name, double otherwise) =>
        _values.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A text.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);
}
