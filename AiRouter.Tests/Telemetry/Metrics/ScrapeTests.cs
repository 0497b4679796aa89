using System.ComponentModel;
using System.Diagnostics;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>What <c>/metrics</c> says of a router to which much has happened.</summary>
[Collection(MeasuredRouter.Name)]
public sealed class ScrapeTests(MeasuredRouter router)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promtool_finds_no_mistake_in_our_metrics()
    {
        using var promtool = Start("promtool", "check", "metrics");
        await promtool.StandardInput.WriteAsync(router.Metrics.Text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync(Token) + await promtool.StandardError.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);

        // 3: it can be read, and a name is not as Prometheus likes it; the runtime has such names.
        Assert.True(promtool.ExitCode is 0 or 3, said);
        Assert.DoesNotContain(said.Split('\n'), l => l.StartsWith("airouter_", StringComparison.Ordinal) || l.StartsWith("gen_ai_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Real_Prometheus_scrapes_it_and_answers_every_question_of_the_dashboard_and_the_alerts()
    {
        await using var prometheus = await PrometheusServer.StartAsync(router.Address);
        var unanswered = new List<string>();
        foreach (var query in Dashboard.Queries)
        {
            if (await prometheus.CountAsync(query) == 0)
            {
                unanswered.Add(query);
            }
        }

        Assert.Empty(unanswered);

        // These have no answer while all is well; a mistake in them is an error.
        foreach (var query in AlertRules.Queries)
        {
            await prometheus.CountAsync(query);
        }
    }

    [Fact]
    public async Task Promtool_finds_no_mistake_in_the_alerts()
    {
        using var promtool = Start("promtool", "check", "rules", AlertRules.Path);
        var said = await promtool.StandardOutput.ReadToEndAsync(Token) + await promtool.StandardError.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);

        Assert.True(promtool.ExitCode == 0, said);
    }

    [Fact]
    public void Every_metric_that_dashboard_and_alerts_name_is_there()
    {
        var named = Dashboard.Queries.Concat(AlertRules.Queries).SelectMany(PromQl.Metrics).Distinct().ToList();

        Assert.Contains("gen_ai_server_time_to_first_token_seconds_bucket", named);
        Assert.DoesNotContain(named, name => !router.Metrics.Has(name));
    }

    [Fact]
    public void Dashboard_shows_every_metric_of_ours()
    {
        var shown = Dashboard.Queries.SelectMany(PromQl.Metrics).ToHashSet();

        Assert.DoesNotContain(
            router.Metrics.Ours, name => !shown.Any(s => s == name || s.StartsWith(name + "_", StringComparison.Ordinal)));
    }

    /// <summary>Starts a program of Prometheus; the test is skipped where it is not installed.</summary>
    internal static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }
}
