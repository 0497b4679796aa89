using AiRouter.Api.Errors;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Errors;

/// <summary>Whoever gets an error finds it in the manual.</summary>
public sealed class TroubleshootingTests
{
    [Fact]
    public void Every_code_is_in_the_manual_with_its_status()
    {
        var rows = Checkout.Read("docs/troubleshooting.md").Split('\n').Where(static line => line.StartsWith('|')).ToList();
        var missing =
            from cause in Enum.GetValues<ErrorCause>()
            let row = ErrorTable.For(cause)
            where row.Code is not null
            where !rows.Exists(line => line.Contains($"`{row.Code}`", StringComparison.Ordinal)
                && line.Split('|')[1].Contains($"{row.Status}", StringComparison.Ordinal))
            select $"{row.Status} {row.Code}";

        Assert.Empty(missing.Distinct());
    }
}
