using System.Globalization;

namespace AiRouter.Benchmarks.Soak;

/// <summary>One look at the router's <c>/metrics</c>: sums over all labels, by name.</summary>
internal sealed class RouterMetrics
{
    private readonly Dictionary<string, double> _sums = [];

    private RouterMetrics()
    {
    }

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => _sums.Keys;

    /// <summary>Reads Prometheus text.</summary>
    public static RouterMetrics Parse(string text)
    {
        var metrics = new RouterMetrics();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var nameEnd = line.AsSpan().IndexOfAny('{', ' ');
            var rest = line.LastIndexOf('}') is var brace and > 0 ? line[(brace + 1)..] : line[nameEnd..];
            var value = rest.Trim().Split(' ')[0];
            if (double.TryParse(value, CultureInfo.InvariantCulture, out var number))
            {
                var name = line[..nameEnd];
                metrics._sums[name] = metrics._sums.GetValueOrDefault(name) + number;
            }
        }

        return metrics;
    }

    /// <summary>The sum of one; 0 when it is not there.</summary>
    public double Sum(string name) => _sums.GetValueOrDefault(name);

    /// <summary>The first of these that is there.</summary>
    public double SumOfAny(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_sums.TryGetValue(name, out var sum))
            {
                return sum;
            }
        }

        return 0;
    }
}
