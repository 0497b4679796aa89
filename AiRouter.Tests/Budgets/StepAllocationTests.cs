using System.Buffers;
using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Keys;
using AiRouter.Tests.Limits;

namespace AiRouter.Tests.Budgets;

/// <summary>What single steps of a request allocate: always the same, however large the request and however much is configured.</summary>
public sealed class StepAllocationTests
{
    private const int Times = 100;

    private static readonly Operation Chat = new() { Name = Operations.Chat, Path = "/chat/completions", MayStream = true };

    [Theory]
    [InlineData(4)]
    [InlineData(20_000)]
    public void Body_is_scanned_bounded_and_spliced_in_its_budgets(int lines)
    {
        var text = string.Concat(Enumerable.Repeat("if (a < b) { \\\"x\\\" }\\n", lines));
        var json = Encoding.UTF8.GetBytes($$"""{"model":"chat","messages":[{"role":"user","content":"{{text}}"}],"max_tokens":100}""");
        var output = new ArrayBufferWriter<byte>(2 * json.Length);
        var figures = new GlobalLimitsConfig();
        using var index = JsonIndex.Read(json, out _)!;

        Check(AllocationBudgets.Scan, () =>
        {
            using var scanned = JsonIndex.Read(json, out _)!;
            RequestFacts.Read(scanned, Chat, out _);
        });
        Check(AllocationBudgets.Bound, () => InputBound.OfConversation(index, figures));
        Check(AllocationBudgets.Splice, () =>
        {
            output.ResetWrittenCount();
            var changes = new MemberChanges(index);
            changes.Set("model", "\"other\""u8.ToArray());
            changes.ToEdits().WriteTo(output, json);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Model_is_found_in_its_budget(int count)
    {
        var names = Enumerable.Range(0, count).SelectMany(i => new[] { $"model-{i}", $"family-{i}-*", $"*-variant-{i}" });
        var models = new ModelResolver(names.Select(n => new RoutedModel(n, new ModelConfig(), [])), [], ["gpt-*"]);

        foreach (var name in new[] { "model-0", "family-0-x", "x-variant-0", "gpt-4o", "nobody" })
        {
            Check(AllocationBudgets.Resolution, () => models.Resolve(name, Operations.Chat));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    public void Key_is_found_without_allocation(int count)
    {
        var made = Enumerable.Range(0, count).Select(i => TestKeys.Make($"key-{i}")).ToList();
        var keys = new ClientKeys(made.Select(m => ClientKey.From(m.Record, Convert.FromHexString(m.Record.Hash.AsSpan(7)))));
        var now = TimeProvider.System.GetUtcNow();

        Assert.NotNull(keys.Match(made[0].Secret, now).Good);
        Check(0, () => keys.Match(made[0].Secret, now));
        Check(0, () => keys.Match("sk-air-unknown", now));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(4, 2000)]
    public async Task Reservation_and_settlement_stay_in_their_budget(int count, int others)
    {
        var ledger = new MemoryLimitLedger(TimeProvider.System);
        for (var i = 0; i < others; i++)
        {
            await ledger.ReserveAsync(Subjects.Ask(Limited($"key:other-{i}"), tokens: 500), CancellationToken.None);
        }

        var subjects = Enumerable.Range(0, count).Select(i => Limited($"key:{i}")).ToArray();
        var ids = Enumerable.Range(0, 20 * Times).Select(i => $"request-{i}").ToArray();
        var next = 0;
        Check(AllocationBudgets.ReserveAndSettle + ((count - 1) * AllocationBudgets.Subject), () =>
        {
            var reservation = Subjects.Ask(subjects, tokens: 500, nanoUsd: 20, id: ids[next++]);
            var decision = ledger.ReserveAsync(reservation, CancellationToken.None);
            Assert.True(decision.IsCompletedSuccessfully && decision.Result.IsAdmitted);
            var settled = ledger.SettleAsync(reservation, new Settlement(300, 10), CancellationToken.None);
            Assert.True(settled.IsCompletedSuccessfully);
        });
    }

    private static LimitSubject Limited(string id) =>
        Subjects.Of(id, requests: 1_000_000, tokens: 1_000_000_000, concurrent: 1_000_000, usd: 1000);

    private static void Check(long budget, Action step)
    {
        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                step();
            }
        }) / Times;

        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes, of {budget}");
        Assert.True(allocated <= budget, $"{allocated} bytes are more than {budget}: see {nameof(AllocationBudgets)}.");
    }
}
