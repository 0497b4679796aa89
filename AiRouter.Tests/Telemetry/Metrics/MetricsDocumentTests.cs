using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using AiRouter.Api.Telemetry;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>The table in <c>docs/metrics.md</c> has every metric of ours with its labels: what <c>/metrics</c> really says.</summary>
[Collection(MeasuredRouter.Name)]
public sealed partial class MetricsDocumentTests(MeasuredRouter router)
{
    private const string Begin = "<!-- The table is written by MetricsDocumentTests. -->\n";
    private const string End = "<!-- End of the table. -->\n";

    [Fact]
    public void Table_of_the_document_is_what_the_router_measures()
    {
        var document = Checkout.Read("docs/metrics.md");
        var begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = document.IndexOf(End, StringComparison.Ordinal);

        Golden.EqualDocument("docs/metrics.md", document[..begin] + Table() + document[end..]);
    }

    [Fact]
    public void Every_metric_has_its_name_from_the_one_file_of_names()
    {
        var known = Names().Select(n => n.Prometheus).ToHashSet();

        Assert.DoesNotContain(router.Metrics.Ours, name => !known.Contains(Plain(name)));
        Assert.DoesNotContain(Names(), n => !router.Metrics.Ours.Select(Plain).Contains(n.Prometheus));
    }

    private string Table()
    {
        var table = new StringBuilder("| metric | in `/metrics` | type | labels | what it is |\n|---|---|---|---|---|\n");
        foreach (var name in router.Metrics.Ours.Order(StringComparer.Ordinal))
        {
            var samples = router.Metrics.Samples.Where(s => s.Name == name || s.Name.StartsWith(name + "_", StringComparison.Ordinal));
            var labels = samples.SelectMany(s => s.Labels.Keys)
                .Where(l => l != "le" && !l.StartsWith("otel_scope", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);
            var help = Help().Matches(router.Metrics.Text).First(m => m.Groups["name"].Value == name).Groups["text"].Value;
            table.Append($"| `{Names().First(n => n.Prometheus == Plain(name)).Otlp}` | `{name}` | {router.Metrics.Types[name]} | ")
                .Append(string.Join(", ", labels.Select(l => $"`{l}`"))).Append($" | {help} |\n");
        }

        return table.ToString();
    }

    private static IEnumerable<(string Otlp, string Prometheus)> Names() => typeof(TelemetryNames)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)
        .Where(n => n != TelemetryNames.Source).Select(n => (n, n.Replace('.', '_')));

    // A counter's total and a unit are added to the name.
    private static string Plain(string name) => Suffix().Replace(name, "");

    [GeneratedRegex("(_seconds|_usd)?(_total)?$")]
    private static partial Regex Suffix();

    [GeneratedRegex("^# HELP (?<name>[^ ]+) (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Help();
}
