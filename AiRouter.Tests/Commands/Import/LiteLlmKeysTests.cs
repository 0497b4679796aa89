using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Commands.Import;

/// <summary>Keys out of LiteLLM's database: none may do more here than there.</summary>
public sealed class LiteLlmKeysTests
{
    private const string Models = """
        model_list:
        - { model_name: m, litellm_params: { model: openai/m, api_base: 'http://a/v1' } }
        - { model_name: n, litellm_params: { model: openai/n, api_base: 'http://a/v1' }, model_info: { access_groups: [own] } }
        """;

    [Theory]
    [InlineData("\"models\": []", "*")]
    [InlineData("\"models\": [\"all-proxy-models\"]", "*")]
    [InlineData("\"models\": [], \"team_id\": \"t\"", "")]
    [InlineData("\"models\": null, \"team_id\": \"t\"", "")]
    [InlineData("\"models\": [\"all-proxy-models\"], \"team_id\": \"t\"", "")]
    [InlineData("\"models\": [\"all-team-models\", \"m\"], \"team_id\": \"t\"", "m")]
    [InlineData("\"models\": [\"m\", \"own\"], \"team_id\": \"t\"", "m|n")]
    [InlineData("\"models\": [{}]", "")]
    [InlineData("\"models\": {}", "")]
    public async Task Key_of_a_team_without_models_of_its_own_may_use_none(string members, string models)
    {
        var (run, key) = await ImportAsync(members);

        Assert.Equal(models == "*" ? null : models.Split('|', StringSplitOptions.RemoveEmptyEntries), key.Models);
        Assert.Equal(
            models is "" or "m" && members.Contains("team", StringComparison.Ordinal),
            run.Output.Contains("a key with all models of its team may use none until its models are listed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"team_id\": \"t\"", true)]
    [InlineData("\"user_id\": \"ann\"", true)]
    [InlineData("\"organization_id\": \"o\"", true)]
    [InlineData("\"project_id\": \"p\"", true)]
    [InlineData("\"user_id\": \"default_user_id\", \"team_id\": null", false)]
    public async Task Limits_of_whom_a_key_belongs_to_are_left_to_see_to(string members, bool isTold)
    {
        var (run, _) = await ImportAsync(members);

        Assert.Equal(isTold, run.Output.Contains("see that no key may do more here than there", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("organization_id")]
    [InlineData("org_id")]
    [InlineData("project_id")]
    [InlineData("object_permission_id")]
    public async Task What_else_holds_for_a_key_is_told(string member)
    {
        var (run, _) = await ImportAsync($"\"{member}\": \"x\"");

        Assert.Contains($"keys[0].{member}: not imported: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_table_of_a_key_says_what_the_key_itself_does_not()
    {
        var (run, key) = await ImportAsync("""
            "budget_id": "b", "rpm_limit": 5, "tpm_limit": null, "model_max_budget": { "m": 1 },
            "litellm_budget_table": { "budget_id": "b", "max_budget": 20, "budget_duration": "7d", "rpm_limit": 50, "tpm_limit": 1000,
              "max_parallel_requests": 3, "model_max_budget": { "m": 9, "n": { "budget_limit": 2, "time_period": "1d" } },
              "soft_budget": 5 }
            """);

        Assert.Equal(new LimitsConfig { RequestsPerMinute = 5, TokensPerMinute = 1000, Concurrent = 3 }, key.Limits);
        Assert.Equal(new BudgetConfig { Usd = 20, Per = BudgetPeriod.Week }, key.Budget);
        Assert.Equal(new BudgetConfig { Usd = 1, Per = BudgetPeriod.Total }, key.ModelLimits["m"].Budget);
        Assert.Equal(new BudgetConfig { Usd = 2, Per = BudgetPeriod.Day }, key.ModelLimits["n"].Budget);
        Assert.False(key.Disabled);
        Assert.DoesNotContain("litellm_budget_table", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_with_limits_in_another_table_is_switched_off()
    {
        var (run, key) = await ImportAsync("\"budget_id\": \"b\"");

        Assert.True(key.Disabled);
        Assert.Contains("# - keys[0].budget_id: the key is switched off: its limits are in", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_budgets_the_smallest_sum_is_for_the_longest_period()
    {
        var (run, key) = await ImportAsync("""
            "max_budget": 100, "budget_duration": "1mo", "budget_limits": [{ "budget_duration": "1d", "max_budget": 5, "reset_at": "x" }]
            """);

        Assert.Equal(new BudgetConfig { Usd = 5, Per = BudgetPeriod.Month }, key.Budget);
        Assert.Contains("# - keys[0]: several budgets hold there", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"rpm_limit\": 0")]
    [InlineData("\"tpm_limit\": 0")]
    [InlineData("\"max_parallel_requests\": -1")]
    [InlineData("\"rpm_limit\": \"many\"")]
    [InlineData("\"model_rpm_limit\": { \"m\": 0 }")]
    [InlineData("\"metadata\": { \"model_tpm_limit\": { \"m\": 0 } }")]
    [InlineData("\"allowed_routes\": [\"info_routes\"]")]
    public async Task Key_that_nothing_is_let_through_for_is_switched_off(string members)
    {
        var (run, key) = await ImportAsync(members);

        Assert.True(key.Disabled);
        Assert.Contains("the key ", run.Output, StringComparison.Ordinal);
        Assert.Contains("is switched off", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_above_what_there_is_becomes_the_most()
    {
        var (run, key) = await ImportAsync("""
            "rpm_limit": 20000000, "tpm_limit": 9e27, "max_parallel_requests": 1000001, "max_budget": 2000000,
            "model_rpm_limit": { "m": 99999999 }, "allowed_routes": ["llm_api_routes"]
            """);

        Assert.False(key.Disabled);
        Assert.Equal(
            new LimitsConfig { RequestsPerMinute = 10_000_000, TokensPerMinute = 1_000_000_000_000, Concurrent = 1_000_000 }, key.Limits);
        Assert.Equal(1_000_000, key.Budget!.Usd);
        Assert.Equal(10_000_000, key.ModelLimits["m"].RequestsPerMinute);
        Assert.Contains("# - keys[0].max_budget: AiRouter takes 1000000 at most here", run.Output, StringComparison.Ordinal);
        Assert.Contains("# - keys[0].rpm_limit: AiRouter takes 10000000 at most here", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0.000001)]
    [InlineData("-5", 0.000001)]
    [InlineData("os.environ/MOST", 0.000001)]
    [InlineData("2000000", 1_000_000)]
    public async Task Budget_of_everything_is_never_lost(string most, double usd)
    {
        var run = await ImportRun.OfTextAsync("c.yaml", $"{Models}\nlitellm_settings: {{ max_budget: {most}, budget_duration: 30d }}\n");

        Assert.Equal(new BudgetConfig { Usd = (decimal)usd, Per = BudgetPeriod.Month }, run.Read().Limits.Budget);
        Assert.Equal(
            most is "2000000" or "os.environ/MOST", run.Output.Contains("# - litellm_settings.max_budget: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("2000000", 1_000_000)]
    public async Task Requests_at_a_time_are_never_without_a_limit(string most, int concurrent)
    {
        var run = await ImportRun.OfTextAsync("c.yaml", $"{Models}\ngeneral_settings: {{ global_max_parallel_requests: {most} }}\n");

        Assert.Equal(concurrent, run.Read().Limits.Concurrent);
        Assert.Contains("# - general_settings.global_max_parallel_requests: ", run.Output, StringComparison.Ordinal);
    }

    private static async Task<(ImportRun Run, KeyConfig Key)> ImportAsync(string members)
    {
        var run = await ImportRun.WithKeysAsync(Models, $"[{{ \"token\": \"{new string('a', 64)}\", \"key_alias\": \"k\", {members} }}]");
        return (run, Assert.Single(run.Read().Keys));
    }
}
