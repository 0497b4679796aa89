using AiRouter.Admin.Components.Keys;
using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Limits;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Components.Keys;

public sealed class UseBarTests
{
    [Fact]
    public void Bars_are_of_what_is_limited_and_the_budget_comes_first()
    {
        var bars = UseBar.Of(View(1500, 0, 12.3m, reserved: 0.2m));

        Assert.Equal(["Budget a month", "Requests in 60 s"], bars.Select(static b => b.Label));
        Assert.Equal(["$12.50 of $100.00", "1,500 of 3,000"], bars.Select(static b => b.Text));
        Assert.Equal([12, 50], bars.Select(static b => b.Percent));
        Assert.Equal("$0.20 of it is reserved by requests under way.", bars[0].Hint);
    }

    [Theory]
    [InlineData(0, 0, "Budget a month", StatusKind.Good)]
    [InlineData(2399, 10, "Budget a month", StatusKind.Good)]
    [InlineData(2400, 10, "Requests in 60 s", StatusKind.Warning)]
    [InlineData(2400, 100, "Budget a month", StatusKind.Bad)]
    [InlineData(3000, 50, "Requests in 60 s", StatusKind.Bad)]
    public void Foremost_is_what_is_nearly_used_up(int requests, int spent, string label, StatusKind kind)
    {
        var bar = UseBar.Foremost(View(requests, 0, spent))!;

        Assert.Equal((label, kind), (bar.Label, bar.Kind));
    }

    [Fact]
    public void Nothing_limited_is_no_bar() =>
        Assert.Null(UseBar.Foremost(View(5, 5, 5) with { Limits = new LimitsConfig(), Budget = null }));

    private static LimitView View(long requests, long tokens, decimal spent, decimal reserved = 0) => new()
    {
        Subject = "key:k",
        Limits = new LimitsConfig { RequestsPerMinute = 3000 },
        Budget = new BudgetConfig { Usd = 100 },
        Used = new LimitUse(requests, 1, tokens, 1, 0, spent, reserved, 0),
    };
}
