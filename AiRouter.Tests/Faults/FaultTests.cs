using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Faults;

/// <summary>The fault table: each row is a test case. It has the machine to itself: rows of stores hang on leases of 30 s.</summary>
[Collection(FaultCollection.Name)]
public sealed class FaultTests
{
    public static TheoryData<string> Rows => [.. FaultRuns.Rows.Select(static r => r.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Fault_ends_in_the_right_answer_or_the_right_error(string row) =>
        Assert.Equal(FaultTable.Rows[row].Expected, await FaultRuns.OfAsync(row));

    [Fact]
    public async Task Document_shows_what_comes_of_each_fault()
    {
        Assert.SkipUnless(FaultRuns.IsComplete, "The document is made of all rows.");
        var outcomes = new Dictionary<string, FaultOutcome>(StringComparer.Ordinal);
        foreach (var name in FaultTable.Rows.Keys)
        {
            outcomes[name] = await FaultRuns.OfAsync(name);
        }

        Golden.EqualDocument("docs/faults.md", FaultDocument.Write(FaultTable.Sections, outcomes));
    }
}
