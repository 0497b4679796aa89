using System.Globalization;
using System.Text;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>Writes results as tables in Markdown that can be read as they are.</summary>
internal static class BenchTable
{
    /// <summary>One workload: a line for each peer, median (least..most) of each figure.</summary>
    public static void Write(WorkloadResult result, TextWriter output)
    {
        var metrics = Metric.All.Where(m => result.Peers.Any(p => result.Of(p, m) is not null)).ToList();
        var rows = new List<string[]>
        {
            (string[])["", .. metrics.Select(m => m.Title.Replace("{unit}", result.Unit, StringComparison.Ordinal))],
        };
        rows.AddRange(result.Peers.Select(peer => (string[])[peer.Name, .. metrics.Select(m => Cell(result.Of(peer, m), m))]));
        output.WriteLine();
        output.WriteLine($"### {result.Name}: {result.Title} (limits in {result.Limits})");
        output.WriteLine();
        WriteRows(rows, output);
        foreach (var remark in result.Remarks)
        {
            output.WriteLine();
            output.WriteLine(remark.Trim());
        }
    }

    /// <summary>The bars, and whether they are met.</summary>
    public static void WriteBars(BenchReport report, TextWriter output)
    {
        var rows = new List<string[]> { (string[])["bar", "at most", "aim", "router", "found", ""] };
        rows.AddRange(report.JudgeBars().Select(r => (string[])
        [
            $"{r.Bar.Workload}: {r.Bar.Metric.Title.Replace("{unit}", Unit(report, r.Bar), StringComparison.Ordinal)}",
            Number(r.Bar.Most, "0.##"),
            r.Bar.Aim is { } aim ? Number(aim, "0.##") : "",
            r.Router,
            Number(r.Found, r.Bar.Metric.Format),
            !r.IsMet ? "MISSED" : r.Bar.Aim is not null && r.ReachesAim ? "met, and the aim" : "met",
        ]));
        output.WriteLine();
        output.WriteLine("### Bars");
        output.WriteLine();
        WriteRows(rows, output);
    }

    /// <summary>What has changed since another result.</summary>
    public static void WriteComparison(BenchReport report, BenchReport before, TextWriter output)
    {
        var rows = new List<string[]> { (string[])["workload", "limits", "router", "figure", "before", "now", "change"] };
        rows.AddRange(Change.Between(before, report).Select(static c => (string[])
        [
            c.Workload, c.Limits, c.Router, c.Metric.Title.Replace("{unit}", "unit", StringComparison.Ordinal),
            Number(c.Before, c.Metric.Format), Number(c.Now, c.Metric.Format), Number(c.Percent, "+0;-0;0") + " %",
        ]));
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"### Since {before.When:yyyy-MM-dd}"));
        output.WriteLine();
        if (before.Machine.Processor != report.Machine.Processor)
        {
            output.WriteLine($"That was on another machine ({before.Machine}): only ratios can be compared.");
            output.WriteLine();
        }

        WriteRows(rows, output);
    }

    private static string Unit(BenchReport report, Bar bar) => report.Workloads.First(w => w.Name == bar.Workload).Unit;

    private static string Cell(Statistics? figures, Metric metric) => figures is null
        ? ""
        : $"{Number(figures.Median, metric.Format)} ({Number(figures.Least, metric.Format)}..{Number(figures.Most, metric.Format)})";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static void WriteRows(List<string[]> rows, TextWriter output)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            var line = new StringBuilder("|");
            for (var column = 0; column < widths.Length; column++)
            {
                line.Append(' ').Append(rows[i][column].PadRight(widths[column])).Append(" |");
            }

            output.WriteLine(line.ToString());
            if (i == 0)
            {
                output.WriteLine("|" + string.Concat(widths.Select(static w => new string('-', w + 2) + "|")));
            }
        }
    }
}
