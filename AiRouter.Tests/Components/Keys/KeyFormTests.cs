using AiRouter.Admin.Components.Keys;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Components.Keys;

public sealed class KeyFormTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private static readonly string[] Models = ["big", "small", "gpt-*"];

    private static KeySettings Everything { get; } = new()
    {
        Name = "team a",
        Owner = "me",
        Tags = ["x", "y"],
        Models = ["big", "gpt-*", "llama-*"],
        Operations = ["chat", "files"],
        Expires = new DateTimeOffset(2027, 1, 31, 12, 30, 45, 678, TimeSpan.Zero),
        Disabled = true,
        Limits = new LimitsConfig { RequestsPerMinute = 3000, TokensPerMinute = 200_000, Concurrent = 8 },
        Budget = new BudgetConfig { Usd = 12.5m, Per = BudgetPeriod.Week },
        ModelLimits = new Dictionary<string, KeyModelConfig>
        {
            ["big"] = new() { RequestsPerMinute = 5 },
            ["a.b/c*"] = new() { Concurrent = 1, Budget = new BudgetConfig { Usd = 0.000001m, Per = BudgetPeriod.Total } },
        },
        Priority = -4,
        LogBodies = true,
    };

    [Fact]
    public void Form_that_nobody_touched_gives_back_the_key_as_it_was()
    {
        var settings = KeyForm.Of(Everything.Name, Everything, Models).Settings(Now);

        Assert.Null(settings.Failure);
        Assert.Equal(ConfigurationJson.WriteRecord(Everything), ConfigurationJson.WriteRecord(settings.Value!));
    }

    [Fact]
    public void Untouched_key_that_has_expired_or_lost_a_model_can_still_be_saved()
    {
        var expired = Everything with { Expires = Now.AddDays(-1) };

        var settings = KeyForm.Of("k", expired, []).Settings(Now);

        Assert.Null(settings.Failure);
        Assert.Equal(expired.Expires, settings.Value!.Expires);
        Assert.Equal(expired.Models, settings.Value.Models);
    }

    [Fact]
    public void New_key_needs_only_a_name_and_is_not_limited()
    {
        var settings = new KeyForm { Name = " a " }.Settings(Now).Value!;

        Assert.Equal("a", settings.Name);
        Assert.Equal(ConfigurationJson.WriteRecord(new KeySettings { Name = "a" }), ConfigurationJson.WriteRecord(settings));
    }

    [Fact]
    public void Models_are_those_of_the_list_and_the_patterns()
    {
        var form = new KeyForm { Name = "a", AllModels = false, Patterns = " llama-*, big,\n\nx " };
        form.Models.UnionWith(["small", "big"]);

        Assert.Equal(["big", "small", "llama-*", "x"], form.Settings(Now).Value!.Models!);
    }

    [Theory]
    [InlineData("200,000", 200_000)]
    [InlineData(" 200 000 ", 200_000)]
    [InlineData("1'234'567", 1_234_567)]
    [InlineData("42", 42)]
    public void Whole_numbers_may_be_grouped(string typed, long tokens)
    {
        var form = new KeyForm { Name = "a" };
        form.Limits.TokensPerMinute = typed;

        Assert.Equal(tokens, form.Settings(Now).Value!.Limits.TokensPerMinute);
    }

    [Fact]
    public void Every_mistake_is_told_at_its_field()
    {
        var form = new KeyForm
        {
            AllModels = false,
            AllOperations = false,
            Expires = "2026-11-22T00:00",
            Priority = "11",
        };
        form.Limits.RequestsPerMinute = "0";
        form.Limits.TokensPerMinute = "many";
        form.Limits.Concurrent = "1,2";
        form.Limits.Usd = "1,50";
        form.ModelLimits.Add(new ModelLimitFields { Model = "a.b", Limits = new LimitFields { Concurrent = "-1" } });
        form.ModelLimits.Add(new ModelLimitFields { Model = "a.b", Limits = new LimitFields { Concurrent = "1" } });
        form.ModelLimits.Add(new ModelLimitFields { Model = "idle" });
        form.ModelLimits.Add(new ModelLimitFields());

        var problems = form.Settings(Now).Failure!.Errors;

        Assert.Equal("Give the key a name: it is how logs, charts and lists call it.", problems.In("name"));
        Assert.Equal("Choose at least one model, or allow all models.", problems.In("models"));
        Assert.Equal("Choose at least one operation, or allow all.", problems.In("operations"));
        Assert.StartsWith("This moment is over", problems.In("expires"), StringComparison.Ordinal);
        Assert.Equal("Must be from -10 to 10, not \"11\".", problems.In("priority"));
        Assert.Equal("Must be from 1 to 10000000, not \"0\".", problems.In("limits.requestsPerMinute"));
        Assert.Equal("Must be a whole number, not \"many\".", problems.In("limits.tokensPerMinute"));
        Assert.Equal("Must be a whole number, not \"1,2\".", problems.In("limits.concurrent"));
        Assert.Equal("Must be a number, not \"1,50\".", problems.In("budget"));
        Assert.StartsWith("Must be from 1", problems.In($"{FieldProblems.PathOf("a.b")}.concurrent"), StringComparison.Ordinal);
        Assert.Equal(3, problems.Count(static p => p.Path == "modelLimits"));
        Assert.Contains("\"a.b\" is here twice", problems.At("modelLimits"), StringComparison.Ordinal);
        Assert.Contains("\"idle\" has no limit", problems.At("modelLimits"), StringComparison.Ordinal);
    }

    [Fact]
    public void Expiry_is_some_days_from_now()
    {
        var form = new KeyForm { Name = "a" };

        form.ExpireIn(30, Now);

        Assert.Equal("2026-12-23T02:00", form.Expires);
        Assert.Equal(Now.AddDays(30), form.Settings(Now).Value!.Expires);
    }
}
