using System.Globalization;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>What <c>/metrics</c> said, line by line.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Types">The types of metrics by their names.</param>
/// <param name="Samples">The samples.</param>
internal sealed partial record PrometheusText(
    string Text, IReadOnlyDictionary<string, string> Types, IReadOnlyList<PrometheusText.Sample> Samples)
{
    /// <summary>One value of one series.</summary>
    /// <param name="Name">The name of the series, <c>_bucket</c>, <c>_sum</c> and <c>_count</c> included.</param>
    /// <param name="Labels">Its labels.</param>
    /// <param name="Value">The value.</param>
    internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

    public static PrometheusText Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var types = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' '))
            .GroupBy(l => l[2]).ToDictionary(g => g.Key, g => g.First()[3]);
        return new PrometheusText(text, types, [.. lines.Where(l => l[0] != '#').Select(Read)]);
    }

    /// <summary>The names of the metrics that the router itself has.</summary>
    public IEnumerable<string> Ours => Types.Keys.Where(static name =>
        name.StartsWith("airouter_", StringComparison.Ordinal) || name.StartsWith("gen_ai_", StringComparison.Ordinal));

    /// <summary>Whether there is a series of this name.</summary>
    public bool Has(string name) => Samples.Any(s => s.Name == name);

    /// <summary>The sum of all series of a name; null: there is none.</summary>
    public double? Value(string name) => Has(name) ? Samples.Where(s => s.Name == name).Sum(s => s.Value) : null;

    /// <summary>The sum of those series of a name that have a label of this value.</summary>
    public double Value(string name, string label) => Samples.Where(s => s.Name == name && s.Labels.Values.Contains(label)).Sum(s => s.Value);

    /// <summary>Every series, without its value.</summary>
    public IEnumerable<string> Series => Samples.Select(s => $"{s.Name}{{{string.Join(',', s.Labels.OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}"))}}}");

    private static Sample Read(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"This is no sample: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(l => l.Groups["name"].Value, l => l.Groups["value"].Value);
        return new Sample(match.Groups["name"].Value, labels, Number(match.Groups["value"].Value));
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$")]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(\\\\.|[^\"\\\\])*)\"")]
    private static partial Regex Label();
}
