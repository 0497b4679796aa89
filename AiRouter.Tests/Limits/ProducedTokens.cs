using AiRouter.Core.Limits;

namespace AiRouter.Tests.Limits;

/// <summary>What backends really produced, and when.</summary>
internal sealed class ProducedTokens
{
    private readonly Dictionary<string, List<(long At, long Tokens)>> _produced = [];
    private readonly Dictionary<string, long> _largestLimit = [];

    /// <summary>Counts tokens for the subjects that limited them when the request was admitted.</summary>
    public void Add(Reservation reservation, long at, long tokens)
    {
        foreach (var subject in reservation.Subjects)
        {
            if (subject.Limits.TokensPerMinute is { } limit)
            {
                _largestLimit[subject.Id] = Math.Max(_largestLimit.GetValueOrDefault(subject.Id), limit);
                (_produced.TryGetValue(subject.Id, out var list) ? list : _produced[subject.Id] = []).Add((at, tokens));
            }
        }
    }

    /// <summary>R45: in every 60 seconds there are at most as many as the largest limit was.</summary>
    public void AssertEveryMinuteHoldsTheLimit()
    {
        foreach (var (subject, produced) in _produced)
        {
            Assert.All(produced, last =>
            {
                var minute = produced.Where(one => one.At > last.At - 60_000 && one.At <= last.At);
                Assert.InRange(minute.Sum(one => one.Tokens), 0, _largestLimit[subject]);
            });
        }
    }
}
