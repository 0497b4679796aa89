using System.Globalization;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Usage;

/// <summary>What a usage query asks, as its query string says it.</summary>
internal static class UsageParameters
{
    private const int MostRows = 10_000;

    private static readonly string[] Forms =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>The query, or everything that is wrong with it.</summary>
    public static Outcome<UsageQuery> Read(
        string? from, string? to, string? step, string? groupBy, DateTimeOffset now)
    {
        var problems = new List<ConfigurationProblem>();
        var end = Moment("to", to, problems) ?? now;
        var begin = Moment("from", from, problems) ?? end.AddDays(-1);
        var length = Name<UsageStep>("step", step, problems);
        var dimensions = (groupBy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => Name<UsageDimension>("groupBy", name, problems)).OfType<UsageDimension>().Distinct().ToList();
        if (begin >= end)
        {
            problems.Add(new ConfigurationProblem("from", "must be before to", null));
        }
        else if (length is not null && (end - begin) / LengthOf(length.Value) > MostRows)
        {
            problems.Add(new ConfigurationProblem("step", $"would give more than {MostRows} steps: ask for a longer step or a shorter range", null));
        }

        return problems.Count > 0 ? ManagementFailure.Invalid(problems) : new UsageQuery(begin, end, length, dimensions);
    }

    private static TimeSpan LengthOf(UsageStep step) => step switch
    {
        UsageStep.Minute => TimeSpan.FromMinutes(1),
        UsageStep.Hour => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    private static DateTimeOffset? Moment(string name, string? text, List<ConfigurationProblem> problems)
    {
        if (text is null)
        {
            return null;
        }

        // A "+" of a time zone that was not encoded arrives as a space.
        if (DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment.ToUniversalTime();
        }

        problems.Add(new ConfigurationProblem(name, "must be a date (2027-01-31) or a moment (2027-01-31T12:00:00Z)", null));
        return null;
    }

    private static T? Name<T>(string name, string? text, List<ConfigurationProblem> problems)
        where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var names = string.Join(", ", Enum.GetNames<T>().Select(static n => n.ToLowerInvariant()));
        problems.Add(new ConfigurationProblem(name, $"must be one of {names}", null));
        return null;
    }
}
