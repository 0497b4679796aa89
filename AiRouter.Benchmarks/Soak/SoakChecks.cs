using System.Globalization;
using AiRouter.Benchmarks.Load;
using AiRouter.Core.Limits;
using AiRouter.Core.Metering;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What was promised of charges, compared with what the upstreams produced.</summary>
internal static class SoakChecks
{
    private const int MostShown = 3;

    // Nobody saw what was generated: the most that it could be is charged (docs/operations.md, "What is charged").
    private static readonly string[] ChargedUnseen = ["ClientGone", "BackendTimeout", "BackendStreamBroken", "BackendProtocol"];

    /// <summary>Each request against the router's access log: a whole answer costs its tokens, a cut one no less than what came.</summary>
    public static IEnumerable<SoakCheck> Charges(SoakTotals totals, RouterLog log)
    {
        var faults = new List<string>();
        long exact = 0, cut = 0, above = 0;
        foreach (var (id, (request, result)) in totals.Ends)
        {
            if (!log.Requests.TryGetValue(id, out var logged))
            {
                // A client may leave before the router has its request.
                if (result.Outcome is not (LoadOutcome.Left or LoadOutcome.Wrong))
                {
                    faults.Add($"{id} is not in the access log");
                }

                continue;
            }

            if (result.Outcome == LoadOutcome.Answered)
            {
                exact++;
                var right = Produced(request, result);
                if ((logged.Input, logged.Output) != right)
                {
                    faults.Add($"{id} ({request.Model}) was charged {(logged.Input, logged.Output)} instead of {right}");
                }
            }
            else if (result.Outcome is LoadOutcome.Cut or LoadOutcome.Left)
            {
                cut++;
                above += Math.Max(0, logged.Output - result.Pieces);
                if (logged.Output < result.Pieces)
                {
                    faults.Add($"{id} was charged {logged.Output} tokens, and {result.Pieces} came");
                }
            }
            else if (logged.Input + logged.Output > 0 && !ChargedUnseen.Contains(logged.Cause))
            {
                faults.Add($"{id} was charged {logged.Input + logged.Output} tokens for the error {logged.Cause}");
            }
        }

        yield return new SoakCheck("charges", faults.Count == 0, faults.Count > 0
            ? $"{faults.Count} wrong: {string.Join("; ", faults.Take(MostShown))}"
            : string.Create(CultureInfo.InvariantCulture, $"{exact} answers at their exact tokens; {cut} cut or left ones {above} tokens above what came"));
    }

    /// <summary>What the upstreams wrote to the end against what answers said.</summary>
    public static SoakCheck Produced(SoakTotals totals, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> produced)
    {
        var answers = totals.Ends.Values.Where(e => e.Result.Outcome == LoadOutcome.Answered && e.Request.Operation != LoadOperation.Embedding
            && e.Result.Backend is { } backend && produced.ContainsKey(backend)).ToList();
        var wrong = answers.Count(e => !produced[e.Result.Backend!].TryGetValue(e.Request.Id, out var tokens)
            || tokens != e.Request.Answer().Tokens);
        return new SoakCheck("produced", wrong == 0, $"{answers.Count} answers of the upstreams compared, {wrong} differ");
    }

    /// <summary>The store's usage, by key, against the sum of what was charged; the budgets against both.</summary>
    public static IEnumerable<SoakCheck> Store(RouterLog log, IReadOnlyList<UsageRow> usage, IReadOnlyList<LimitStanding> standings)
    {
        var faults = new List<string>();
        for (var i = 0; i < SoakKeys.All.Count; i++)
        {
            var key = SoakKeys.All[i].Name;
            var logged = log.Requests.Values.Where(r => r.Key == key).ToList();
            var row = usage.FirstOrDefault(r => r.KeyName == key);
            var (input, output) = (logged.Sum(r => (long)r.Input), logged.Sum(r => (long)r.Output));
            if (row is null ? logged.Count > 0 : (row.InputTokens, row.OutputTokens, row.Requests.Values.Sum()) != (input, output, logged.Count))
            {
                faults.Add($"{key}: usage has {row?.InputTokens}/{row?.OutputTokens} tokens of {row?.Requests.Values.Sum()} requests, "
                    + $"the log {input}/{output} of {logged.Count}");
            }

            if (standings[i].SpentNanoUsd != (row?.NanoUsd ?? 0))
            {
                faults.Add($"{key}: the budget has {standings[i].SpentNanoUsd} nUSD, usage {row?.NanoUsd}");
            }
        }

        yield return new SoakCheck("usage", faults.Count == 0, faults.Count == 0
            ? $"access log, usage and budgets of {SoakKeys.All.Count} keys are equal: {usage.Sum(r => r.OutputTokens)} output tokens"
            : string.Join("; ", faults));
        yield return new SoakCheck(
            "reservations",
            standings.All(s => s is { Concurrent: 0, ReservedNanoUsd: 0, UnsettledNanoUsd: 0 }),
            $"{standings.Sum(s => s.Concurrent)} places, {standings.Sum(s => s.ReservedNanoUsd)} nUSD held, "
            + $"{standings.Sum(s => s.UnsettledNanoUsd)} nUSD unsettled");
    }

    /// <summary>Embeddings of Triton are an estimate of the router's own: what it told.</summary>
    private static (int Input, int Output) Produced(LoadRequest request, LoadResult result) =>
        request.Operation == LoadOperation.Embedding ? result.Usage!.Value : (request.PromptTokens, request.Answer().Tokens);
}
