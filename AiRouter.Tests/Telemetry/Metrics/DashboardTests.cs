using System.Text.Json;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>The dashboard can be imported anywhere, and says what it shows.</summary>
public sealed class DashboardTests
{
    [Fact]
    public void Panels_have_ids_of_their_own_and_places_that_do_not_overlap()
    {
        var all = Dashboard.Root.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(all.Count, all.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        var taken = new HashSet<(int X, int Y)>();
        Assert.All(all, panel =>
        {
            var place = panel.GetProperty("gridPos");
            var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(),
                place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.InRange(x + w, 1, 24);
            Assert.All(
                Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(line => (column, line))),
                cell => Assert.True(taken.Add(cell), $"'{panel.GetProperty("title")}' lies over another panel."));
        });
    }

    [Fact]
    public void Panels_ask_the_chosen_Prometheus_and_explain_themselves()
    {
        Assert.Equal("datasource", Variables[0].GetProperty("type").GetString());
        Assert.All(Dashboard.Panels, panel =>
        {
            Assert.NotEmpty(panel.GetProperty("description").GetString()!);
            Assert.All(
                panel.GetProperty("targets").EnumerateArray().Append(panel),
                asked => Assert.Equal("${datasource}", asked.GetProperty("datasource").GetProperty("uid").GetString()));
            Assert.All(panel.GetProperty("targets").EnumerateArray(), target =>
                Assert.Contains("instance=~\"$instance\"", target.GetProperty("expr").GetString(), StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("Traffic")]
    [InlineData("Errors")]
    [InlineData("Latency")]
    [InlineData("Tokens and cost")]
    [InlineData("Limits and queues")]
    [InlineData("Targets and breakers")]
    [InlineData("Store and configuration")]
    public void What_a_person_on_call_looks_for_has_a_row(string row) => Assert.Contains(
        Dashboard.Root.GetProperty("panels").EnumerateArray(),
        p => p.GetProperty("type").GetString() == "row" && p.GetProperty("title").GetString() == row);

    private static List<JsonElement> Variables =>
        [.. Dashboard.Root.GetProperty("templating").GetProperty("list").EnumerateArray()];
}
