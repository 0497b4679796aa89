using System.Globalization;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Repository;

/// <summary>Operators look for events by their ids.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void Event_id_is_used_once_in_all_projects()
    {
        var events =
            from file in Checkout.ProductCode
            from Match match in EventNumber().Matches(Checkout.Read(file))
            select (Id: int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), File: file);
        var all = events.ToList();

        Assert.True(all.Count > 80, $"Only {all.Count} events are found.");
        Assert.Empty(all.GroupBy(e => e.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.File))}"));
    }

    [GeneratedRegex(@"(?:\[LoggerMessage\(\s*(?:EventId\s*=\s*)?|EventId \w+ = new\(|new EventId\()(\d+)")]
    private static partial Regex EventNumber();
}
