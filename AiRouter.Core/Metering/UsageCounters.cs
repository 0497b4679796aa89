using System.Globalization;
using System.Text;

namespace AiRouter.Core.Metering;

/// <summary>
/// What is counted of one slot. Kept as text of the counters that are not 0, <c>0=12 5=3400</c>: the place of each below never
/// changes, and new ones go to the end.
/// </summary>
internal sealed class UsageCounters
{
    private const int Input = 5;
    private const int Cached = 6;
    private const int Output = 7;
    private const int Estimated = 8;
    private const int NanoUsd = 9;
    private const int FirstTokenMicroseconds = 10;
    private const int DurationMicroseconds = 11;
    private const int FirstTokenCounts = 12;

    private static readonly long[] Bounds = [.. UsageHistogram.Bounds.Select(b => (long)Math.Round(b * 1_000_000))];
    private static readonly int DurationCounts = FirstTokenCounts + Bounds.Length + 1;
    private static readonly int Length = DurationCounts + Bounds.Length + 1;

    private readonly long[] _values = new long[Length];

    /// <summary>One more request.</summary>
    public void Add(UsageRecord record)
    {
        var values = _values;
        values[UsageOutcomes.IndexOf(record)]++;
        values[Input] += record.InputTokens;
        values[Cached] += record.CachedTokens;
        values[Output] += record.OutputTokens;
        values[Estimated] += record.IsEstimated ? 1 : 0;
        values[NanoUsd] += record.NanoUsd;
        Time(values, DurationMicroseconds, DurationCounts, record.Duration);
        if (record.TimeToFirstToken is { } firstToken)
        {
            Time(values, FirstTokenMicroseconds, FirstTokenCounts, firstToken);
        }
    }

    /// <summary>All that <see cref="ToText"/> gave.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split(' '))
        {
            var pair = text[range];
            var equals = pair.IndexOf('=');

            // What a newer router counts, this one does not know.
            if (equals > 0 && int.Parse(pair[..equals], CultureInfo.InvariantCulture) is var index && index < Length)
            {
                _values[index] += long.Parse(pair[(equals + 1)..], CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>The counters that are not 0.</summary>
    public string ToText()
    {
        var text = new StringBuilder(128);
        for (var i = 0; i < Length; i++)
        {
            if (_values[i] != 0)
            {
                text.Append(text.Length == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{i}={_values[i]}");
            }
        }

        return text.ToString();
    }

    /// <summary>As a row of an answer.</summary>
    public UsageRow ToRow(DateTimeOffset? at, UsageSlot slot, string? keyName) => new()
    {
        At = at,
        KeyId = slot.KeyId,
        KeyName = keyName,
        Model = slot.Model,
        Backend = slot.Backend,
        Requests = UsageOutcomes.All.Index().ToDictionary(o => o.Item, o => _values[o.Index], StringComparer.Ordinal),
        InputTokens = _values[Input],
        CachedTokens = _values[Cached],
        OutputTokens = _values[Output],
        EstimatedRequests = _values[Estimated],
        NanoUsd = _values[NanoUsd],
        TimeToFirstToken = Histogram(FirstTokenMicroseconds, FirstTokenCounts),
        Duration = Histogram(DurationMicroseconds, DurationCounts),
    };

    private static void Time(long[] values, int sum, int counts, TimeSpan time)
    {
        var microseconds = Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond);
        values[sum] += microseconds;
        var at = Bounds.AsSpan().BinarySearch(microseconds);
        values[counts + (at < 0 ? ~at : at)]++;
    }

    private UsageHistogram Histogram(int sum, int counts) =>
        new(UsageHistogram.Bounds, _values[counts..(counts + Bounds.Length + 1)], _values[sum] / 1_000_000d);
}
