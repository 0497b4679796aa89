using System.Globalization;

namespace AiRouter.Benchmarks.Load;

/// <summary>The command line of a mode: <c>--name value</c>, all of them optional. Of one that is there several times
/// the last holds, where one is asked for.</summary>
internal sealed class ModeOptions
{
    private readonly List<KeyValuePair<string, string>> _values = [];

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

            options._values.Add(new(arguments[i], arguments[i + 1]));
        }

        return options;
    }

    /// <summary>A number.</summary>
    public double Number(string name, double otherwise) =>
        Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A text.</summary>
    public string? Text(string name) => Texts(name) is [.., var last] ? last : null;

    /// <summary>All values of one that may be there several times.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. _values.Where(v => v.Key == name).Select(static v => v.Value)];
}
