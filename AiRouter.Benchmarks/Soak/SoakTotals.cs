using System.Collections.Concurrent;
using AiRouter.Benchmarks.Load;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What became of all requests.</summary>
internal sealed class SoakTotals
{
    private const int MostKept = 20;

    private readonly ConcurrentDictionary<string, (LoadRequest Request, LoadResult Result)> _ends = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _wrongCount;

    /// <summary>Every request with its end, by id.</summary>
    public IReadOnlyDictionary<string, (LoadRequest Request, LoadResult Result)> Ends => _ends;

    /// <summary>Answers that were not right.</summary>
    public int WrongCount => _wrongCount;

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Wrong => [.. _wrong];

    /// <summary>Adds one. What was said is not kept, but what is needed to know it.</summary>
    public void Add(LoadRequest request, LoadResult result)
    {
        _ends[request.Id] = (request, result);
        if (result.Outcome == LoadOutcome.Wrong && Interlocked.Increment(ref _wrongCount) <= MostKept)
        {
            _wrong.Enqueue(
                $"{request.Id} {request.Model} {request.Operation}{(request.IsStream ? " streamed" : "")} at {result.Backend ?? "-"}: "
                + result.Reason);
        }
    }

    /// <summary>How many ended so.</summary>
    public int Count(LoadOutcome outcome) => _ends.Values.Count(e => e.Result.Outcome == outcome);

    /// <summary>Why requests were refused, and how often.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _ends.Values
        .Where(e => e.Result.Outcome is LoadOutcome.Refused or LoadOutcome.Cut)
        .GroupBy(e => (e.Result.Outcome == LoadOutcome.Cut ? "cut: " : "") + e.Result.Reason)
        .ToDictionary(g => g.Key, g => g.Count());

    /// <summary>How long whole answers and answered streams took, in milliseconds.</summary>
    public double Percentile(double share)
    {
        var times = _ends.Values.Where(e => e.Result.Outcome == LoadOutcome.Answered)
            .Select(e => e.Result.Duration.TotalMilliseconds).Order().ToList();
        return times.Count == 0 ? 0 : times[Math.Min(times.Count - 1, (int)(times.Count * share))];
    }
}
