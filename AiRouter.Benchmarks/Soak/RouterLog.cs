using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What the router's access log says of one request.</summary>
/// <param name="Key">The name of the client key, or <c>-</c>.</param>
/// <param name="Backend">Who was asked last, or <c>-</c>; its header may be older, where comments went out before.</param>
/// <param name="Cause">Why it failed, or <c>-</c>.</param>
/// <param name="Input">Input tokens that count.</param>
/// <param name="Output">Output tokens that count.</param>
internal sealed record LoggedRequest(string Key, string Backend, string Cause, int Input, int Output);

/// <summary>Reads the router's log: what each request was charged, and what was an error.</summary>
internal sealed partial class RouterLog
{
    private const int MostKept = 20;

    private readonly ConcurrentQueue<string> _errors = new();
    private int _errorCount;
    private int _warningCount;

    /// <summary>Requests by their id.</summary>
    public ConcurrentDictionary<string, LoggedRequest> Requests { get; } = [];

    /// <summary>Lines at Error and Critical that nothing of the run explains.</summary>
    public int ErrorCount => _errorCount;

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Lines at Warning.</summary>
    public int WarningCount => _warningCount;

    /// <summary>Takes the next line.</summary>
    public void Take(string line)
    {
        if (Access().Match(line) is { Success: true } access)
        {
            Requests[access.Groups["id"].Value] = new LoggedRequest(
                access.Groups["key"].Value,
                access.Groups["backend"].Value,
                access.Groups["cause"].Value,
                int.Parse(access.Groups["in"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(access.Groups["out"].ValueSpan, CultureInfo.InvariantCulture));
        }
        else if (line.Contains(" warn: ", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _warningCount);
        }
        else if (Error().IsMatch(line) && !Expected().IsMatch(line))
        {
            if (Interlocked.Increment(ref _errorCount) <= MostKept)
            {
                _errors.Enqueue(line);
            }
        }
    }

    [GeneratedRegex(@" id=(?<id>\S+) key=(?<key>\S+) model=.* cause=(?<cause>\S+) backend=(?<backend>\S+) .*\bin=(?<in>\d+) out=(?<out>\d+)")]
    private static partial Regex Access();

    [GeneratedRegex(@"Z (fail|crit): |^Unhandled exception")]
    private static partial Regex Error();

    // An upstream's garbage is an operator's matter, so it is logged as an error: it is sent here on purpose.
    [GeneratedRegex(@"RequestRecorder\[2\] Request \S+ failed: BackendProtocol,")]
    private static partial Regex Expected();
}
