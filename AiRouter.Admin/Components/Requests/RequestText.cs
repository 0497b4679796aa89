using System.Globalization;
using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Usage;
using AiRouter.Core.Metering;

namespace AiRouter.Admin.Components.Requests;

/// <summary>Requests of the log, in words.</summary>
internal static class RequestText
{
    /// <summary>How it ended, by <see cref="RequestView.Outcome"/>.</summary>
    public static (StatusKind Kind, string Text) Outcome(string outcome) => outcome switch
    {
        UsageOutcomes.Ok => (StatusKind.Good, "Answered"),
        UsageOutcomes.ClientError => (StatusKind.Warning, "Client error"),
        UsageOutcomes.Limited => (StatusKind.Warning, "Limited"),
        UsageOutcomes.BackendError => (StatusKind.Bad, "Backend error"),
        UsageOutcomes.Cancelled => (StatusKind.Neutral, "Client left"),
        _ => (StatusKind.Neutral, outcome),
    };

    /// <summary>Whose it was: the key, and the admin who asked as it.</summary>
    public static string Who(RequestView request) => (request.KeyName, request.Admin) switch
    {
        (null, null) => "no key",
        (null, { } admin) => $"{admin} (playground)",
        ({ } key, null) => key,
        ({ } key, { } admin) => $"{key}, by {admin} (playground)",
    };

    /// <summary>A time.</summary>
    public static string Seconds(double? seconds) => seconds switch
    {
        null => "–",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:N0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:N2} s"),
    };

    /// <summary>Tokens in and out.</summary>
    public static string Tokens(RequestView request)
    {
        var cached = request.CachedTokens > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({request.CachedTokens:N0} cached)") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{request.InputTokens:N0} in{cached}, {request.OutputTokens:N0} out{(request.IsEstimated ? ", estimated" : "")}");
    }

    /// <summary>What it cost.</summary>
    public static string Cost(decimal usd) => usd == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"${usd:0.######}");

    /// <summary>Where the time went, in the order of the request's way; parts of the whole.</summary>
    public static IReadOnlyList<(string Name, double Seconds)> Parts(RequestView request)
    {
        var queue = request.QueueSeconds ?? 0;
        var backend = request.BackendSeconds ?? 0;
        var first = request.BackendSeconds is null ? null : request.TimeToFirstTokenSeconds;
        var router = Math.Max(0, request.DurationSeconds - queue - backend);
        var until = first is null ? backend : Math.Clamp(first.Value - queue, 0, backend);
        var parts = new List<(string, double)> { ("Waiting for a place", queue) };
        if (first is null)
        {
            parts.Add(("Backend", backend));
        }
        else
        {
            parts.Add(("Backend, until the first token", until));
            parts.Add(("Backend, the rest of the answer", backend - until));
        }

        parts.Add(("Router and client", router));
        return parts;
    }
}
