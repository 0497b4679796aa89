using AiRouter.Api.Commands.Import;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Commands.Import;

public sealed class ImportedTermsTests
{
    [Theory]
    [InlineData("1d", BudgetPeriod.Day, false)]
    [InlineData("24h", BudgetPeriod.Day, false)]
    [InlineData("1h", BudgetPeriod.Day, true)]
    [InlineData("7d", BudgetPeriod.Week, false)]
    [InlineData("1w", BudgetPeriod.Week, false)]
    [InlineData("3d", BudgetPeriod.Week, true)]
    [InlineData("30d", BudgetPeriod.Month, false)]
    [InlineData("1mo", BudgetPeriod.Month, false)]
    [InlineData("1M", BudgetPeriod.Month, false)]
    [InlineData("monthly", BudgetPeriod.Month, false)]
    [InlineData("10d", BudgetPeriod.Month, true)]
    [InlineData("60d", BudgetPeriod.Total, true)]
    [InlineData("1Y", BudgetPeriod.Total, true)]
    [InlineData("soon", BudgetPeriod.Total, true)]
    [InlineData(null, BudgetPeriod.Total, false)]
    public void Period_of_a_budget_never_lets_more_be_spent(string? period, BudgetPeriod expected, bool isTold)
    {
        var (at, notes) = Place();

        var budget = ImportedTerms.Budget(12.5m, period, at);

        Assert.Equal((12.5m, expected), (budget!.Usd, budget.Per));
        Assert.Equal(isTold, notes.Lines.Any());
    }

    [Fact]
    public void Budget_of_nothing_is_the_least_that_there_is()
    {
        var (at, _) = Place();

        Assert.Equal(0.000001m, ImportedTerms.Budget(0, "1d", at)!.Usd);
        Assert.Null(ImportedTerms.Budget(null, "1d", at));
    }

    [Theory]
    [InlineData("1 1", 1, 1)]
    [InlineData("900 300", 3, 1)]
    [InlineData("0.7 0.3", 7, 3)]
    [InlineData("0 0", 1, 1)]
    [InlineData("0 5", 0, 1)]
    [InlineData("1000000 1", 1000, 1)]
    [InlineData("0.3333333 0.6666667", 1, 2)]
    [InlineData("99999999999 1", 1000, 1)]
    public void Shares_are_small_whole_numbers(string shares, params int[] weights) => Assert.Equal(
        weights, ImportedTerms.Weights(
            [.. shares.Split(' ').Select(s => decimal.Parse(s, System.Globalization.CultureInfo.InvariantCulture))]));

    private static (SourceValue At, ImportNotes Notes) Place()
    {
        var notes = new ImportNotes();
        var at = new SourceValue { Kind = SourceKind.Plain, Line = 1 };
        at.Place("f", notes);
        return (at, notes);
    }
}
