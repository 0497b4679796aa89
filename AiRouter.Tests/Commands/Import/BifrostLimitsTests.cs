using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Commands.Import;

/// <summary>Limits and budgets of Bifrost's virtual keys: none may do more here than there.</summary>
public sealed class BifrostLimitsTests
{
    private const string AllOfOpenAi = "\"provider\": \"openai\", \"allowed_models\": [\"*\"]";

    [Theory]
    [InlineData("\"rate_limit_id\": \"r\"")]
    [InlineData("\"budget_id\": \"b\"")]
    [InlineData("\"budgets\": [{ \"max_limit\": 5, \"reset_duration\": \"1d\" }]")]
    public async Task Limit_of_a_provider_holds_for_every_model_that_the_key_may_ask_for(string limit)
    {
        var (run, key) = await ImportAsync($"\"provider_configs\": [{{ {AllOfOpenAi}, {limit} }}]", """
            "budgets": [{ "id": "b", "max_limit": 5, "reset_duration": "1d" }],
            "rate_limits": [{ "id": "r", "request_max_limit": 30, "request_reset_duration": "1m" }],
            """);

        Assert.Equal(["openai/*"], key.Models!);
        Assert.Equal(["openai/*"], key.ModelLimits.Keys);
        Assert.Contains("it may ask for its models with \"openai/\" before their names only", run.Output, StringComparison.Ordinal);
        foreach (var name in new[] { "openai/gpt-4o", "openai/listed", "gpt-4o", "o1-mini" })
        {
            var mayAsk = key.Models!.Any(m => new WildcardPattern(m).IsMatch(name));
            Assert.Equal(mayAsk, key.ModelLimits.Keys.Any(m => new WildcardPattern(m).IsMatch(name)));
        }
    }

    [Fact]
    public async Task Key_without_limits_of_a_provider_may_ask_by_all_names()
    {
        var (_, key) = await ImportAsync($"\"provider_configs\": [{{ {AllOfOpenAi} }}]");

        Assert.Contains("openai/*", key.Models!);
        Assert.Contains("gpt-*", key.Models!);
        Assert.Empty(key.ModelLimits);
    }

    [Fact]
    public async Task Refused_models_are_in_no_pattern_of_the_key()
    {
        var (run, key) = await ImportAsync($"\"provider_configs\": [{{ {AllOfOpenAi}, \"blacklisted_models\": [\"listed\"] }}]");

        Assert.Equal(["openai/other"], key.Models!);
        Assert.Contains("blacklisted_models: nothing is taken out of a pattern", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_config_of_a_provider_loosens_nothing()
    {
        var (run, key) = await ImportAsync(
            $"\"provider_configs\": [{{ {AllOfOpenAi}, \"rate_limit_id\": \"r\" }}, {{ {AllOfOpenAi} }}]",
            """ "rate_limits": [{ "id": "r", "request_max_limit": 30, "request_reset_duration": "1m" }], """);

        Assert.Equal(["openai/*"], key.Models!);
        Assert.Equal(30, key.ModelLimits["openai/*"].RequestsPerMinute);
        Assert.Contains(
            "provider_configs[1]: not imported: what the key may use of this provider stands above", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6000, "1h", 100, "100, which is as many on average [", false)]
    [InlineData(30, "30s", 60, "60, which is as many on average, but they may come at once", false)]
    [InlineData(10, "1m", 10, "", false)]
    [InlineData(100, "1h", 1, "1, which is less than 100 in 1h", true)]
    [InlineData(119, "1h", 1, "1, which is less than 119 in 1h", true)]
    [InlineData(20_000, "1d", 13, "13, which is less than 20000 in 1d", true)]
    [InlineData(900_000_000, "1h", 10_000_000, "AiRouter takes 10000000 at most here", true)]
    public async Task Limit_for_another_period_is_for_a_minute_and_never_more(
        int count, string period, int limit, string sentence, bool isToDo)
    {
        var (run, key) = await LimitAsync($"{count}", $"\"{period}\"");

        Assert.False(key.Disabled);
        Assert.Equal(limit, key.Limits.RequestsPerMinute);
        Assert.True(limit <= count * 60.0 / Seconds(period));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(isToDo, run.Output.Contains("# - governance.rate_limits[0].request_max_limit: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10", "\"1h\"", "10 in 1h is less than one")]
    [InlineData("100", "\"1d\"", "100 in 1d is less than one")]
    [InlineData("0", "\"1m\"", "is switched off: a limit of it lets nothing through")]
    [InlineData("\"x\"", "\"1m\"", "a number was expected here")]
    [InlineData("100", "\"soon\"", "nobody knows for how long it is")]
    [InlineData("100", "null", "nobody knows for how long it is")]
    public async Task Key_with_a_limit_below_the_least_is_switched_off(string count, string period, string sentence)
    {
        var (run, key) = await LimitAsync(count, period);

        Assert.True(key.Disabled);
        Assert.Equal(1, key.Limits.RequestsPerMinute);
        Assert.Contains(sentence, run.Output, StringComparison.Ordinal);
        Assert.Contains("the key \"k\" is switched off: a limit of it lets nothing through", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_with_a_limit_below_the_least_is_none_of_the_keys()
    {
        var (run, key) = await ImportAsync(
            $"\"provider_configs\": [{{ {AllOfOpenAi}, \"rate_limit_id\": \"r\" }}, " +
            "{ \"provider\": \"sgl\", \"allowed_models\": [\"a\"] }]",
            """ "rate_limits": [{ "id": "r", "token_max_limit": 10, "token_reset_duration": "1h" }], """);

        Assert.Equal(["sgl/a"], key.Models!);
        Assert.False(key.Disabled);
        Assert.Contains(
            "provider_configs[0]: a limit lets nothing through: the key may use none of the provider's models",
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_that_is_not_there_lets_nothing_through()
    {
        var (run, key) = await ImportAsync(
            "\"rate_limit_id\": \"gone\", \"budget_id\": \"gone\", " +
            "\"provider_configs\": [{ \"provider\": \"sgl\", \"allowed_models\": [\"a\"] }]");

        Assert.True(key.Disabled);
        Assert.Equal(0.000001m, key.Budget!.Usd);
        Assert.Contains("rate_limit_id: there is no limit of this id", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_budgets_the_smallest_sum_is_for_the_longest_period()
    {
        var (run, key) = await ImportAsync(
            "\"provider_configs\": [{ \"provider\": \"sgl\", \"allowed_models\": [\"a\"] }]",
            """
            "budgets": [{ "id": "1", "max_limit": 5, "reset_duration": "1d", "virtual_key_id": "vk" },
                        { "id": "2", "max_limit": 100, "reset_duration": "1M", "virtual_key_id": "vk" }],
            """);

        Assert.Equal(new BudgetConfig { Usd = 5, Per = BudgetPeriod.Month }, key.Budget);
        Assert.Contains("# - governance.virtual_keys[0]: several budgets hold there", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2000000", 1_000_000)]
    [InlineData("-1", 0.000001)]
    [InlineData("\"env.MOST\"", 0.000001)]
    public async Task Budget_out_of_range_is_no_missing_budget(string most, double usd)
    {
        var (_, key) = await ImportAsync(
            "\"provider_configs\": [{ \"provider\": \"sgl\", \"allowed_models\": [\"a\"] }]",
            $$""" "budgets": [{ "id": "1", "max_limit": {{most}}, "reset_duration": "1d", "virtual_key_id": "vk" }], """);

        Assert.Equal(new BudgetConfig { Usd = (decimal)usd, Per = BudgetPeriod.Day }, key.Budget);
    }

    [Theory]
    [InlineData("\"teams\": [{ \"id\": \"t\", \"name\": \"T\", \"rate_limit_id\": \"r\" }],", true)]
    [InlineData(
        "\"teams\": [{ \"id\": \"t\", \"name\": \"T\" }], \"budgets\": [{ \"id\": \"b\", \"max_limit\": 1, \"team_id\": \"t\" }],", true)]
    [InlineData("\"teams\": [{ \"id\": \"t\", \"name\": \"T\" }],", false)]
    public async Task Limits_of_the_keys_team_are_left_to_see_to(string governance, bool isTold)
    {
        var (run, key) = await ImportAsync(
            "\"team_id\": \"t\", \"provider_configs\": [{ \"provider\": \"sgl\", \"allowed_models\": [\"a\"] }]", governance);

        Assert.Equal("T", key.Owner);
        Assert.Equal(isTold, run.Output.Contains("the budget and the limits of its team are not imported", StringComparison.Ordinal));
    }

    private static double Seconds(string period) => period switch { "1d" => 86_400, "1h" => 3600, "1m" => 60, _ => 30 };

    private static Task<(ImportRun Run, KeyConfig Key)> LimitAsync(string count, string period) => ImportAsync(
        "\"rate_limit_id\": \"r\", \"provider_configs\": [{ \"provider\": \"sgl\", \"allowed_models\": [\"a\"] }]",
        $$""" "rate_limits": [{ "id": "r", "request_max_limit": {{count}}, "request_reset_duration": {{period}} }], """);

    private static async Task<(ImportRun Run, KeyConfig Key)> ImportAsync(string members, string governance = "")
    {
        var run = await ImportRun.OfTextAsync("config.json", $$"""
            { "providers": {
                "openai": { "keys": [{ "name": "o", "value": "env.O", "models": ["*"] },
                  { "name": "p", "value": "env.P", "models": ["listed", "other"] }] },
                "sgl": { "keys": [{ "name": "s", "models": ["a"], "sgl_key_config": { "url": "http://sgl:30000" } }] } },
              "governance": { {{governance}}
                "virtual_keys": [{ "id": "vk", "name": "k", "value": "sk-bf-0123456789012345678901234567890", {{members}} }] } }
            """);
        return (run, Assert.Single(run.Read().Keys));
    }
}
