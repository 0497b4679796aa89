using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Writing;

namespace AiRouter.Tests.Configuration;

/// <summary>Limits, prices and budgets: how they are read, and what must hold (R32-R34).</summary>
public sealed class LimitValidationTests
{
    private const string Hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Limits_prices_and_budgets_are_read_and_written_alike()
    {
        var config = Loaded.Model(Yaml(
            model: "maxTokens: { max: 100 }, limits: { tokensPerMinute: 900000000000 }, price: { input: 0.05, perGpuSecond: 1e-3 }",
            key: "budget: { usd: 0.25, per: week }, modelLimits: { \"m*\": { concurrent: 3, budget: { usd: 1 } } }",
            rest: "limits: { requestsPerMinute: 7, onStoreFailure: closed }")).Config;

        Assert.Equal(900_000_000_000, config.Models["m"].Limits.TokensPerMinute);
        Assert.Equal((0.05m, 0.001m), (config.Models["m"].Price!.Input!.Value, config.Models["m"].Price!.PerGpuSecond!.Value));
        Assert.Equal(new BudgetConfig { Usd = 0.25m, Per = BudgetPeriod.Week }, config.Keys[0].Budget);
        Assert.Equal(3, config.Keys[0].ModelLimits["m*"].Concurrent);
        Assert.Equal(StoreFailureMode.Closed, config.Limits.OnStoreFailure);
        var written = System.Text.Encoding.UTF8.GetString(DocumentWriter.ToJson(config));
        Assert.Contains("\"tokensPerMinute\":900000000000", written);
        Assert.Contains("\"usd\":0.25", written);
    }

    [Theory]
    [InlineData("limits: { tokensPerMinute: 5 }", "", "", "models.m.maxTokens: needs max, because limits.tokensPerMinute is set")]
    [InlineData("budget: { usd: 5 }, price: { input: 1 }", "", "", "models.m.maxTokens: needs max, because budget is set")]
    [InlineData("budget: { usd: 5 }, maxTokens: { max: 5 }", "", "", "models.m.budget: needs price")]
    [InlineData("limits: { tokensPerMinute: 0 }", "", "", "models.m.limits.tokensPerMinute: must be from 1 to 1000000000000, not \"0\"")]
    [InlineData("limits: { tokensPerMinute: 1.5 }", "", "", "models.m.limits.tokensPerMinute: must be a whole number, not \"1.5\"")]
    [InlineData("price: { input: 1e12 }", "", "", "models.m.price.input: must be from 0 to 1000000, not \"1e12\"")]
    [InlineData("price: { input: -0.1 }", "", "", "models.m.price.input: must be from 0 to 1000000, not \"-0.1\"")]
    [InlineData("", "budget: { usd: 0 }", "", "keys[0].budget.usd: must be from 1E-06 to 1000000, not \"0\"")]
    [InlineData("", "modelLimits: { \" m\": { concurrent: 1 } }", "", "keys[0].modelLimits[\" m\"]: a pattern has 1 to 256 characters")]
    public void Wrong_limits_are_told(string model, string key, string rest, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Loaded.Problems(Yaml(model, key, rest))));

    [Theory]
    [InlineData("embeddings")]
    [InlineData("rerank, moderations")]
    public void Model_that_generates_nothing_needs_no_cap(string operations) =>
        Loaded.Model(Yaml($"operations: [{operations}], limits: {{ tokensPerMinute: 5 }}"));

    [Fact]
    public void Budgets_without_a_store_are_refused_wherever_they_stand()
    {
        var yaml = Yaml(
            model: "budget: { usd: 5 }, maxTokens: { max: 5 }, price: { input: 1 }",
            key: "budget: { usd: 1 }, modelLimits: { m: { budget: { usd: 1 } } }",
            rest: "limits: { budget: { usd: 100 } }");
        var load = RouterConfigurationLoader.Load(Loaded.Source(yaml) with { HasStore = false });

        Assert.Null(load.Model);
        Assert.Equal(
            ["limits.budget", "models.m.budget", "keys[0].budget", "keys[0].modelLimits.m.budget"], load.Problems.Select(p => p.Path));
        Assert.All(load.Problems, p => Assert.StartsWith("a budget needs a store", p.Message));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("localhost:6379", true)]
    public void Environment_says_whether_there_is_a_store(string? connection, bool hasStore)
    {
        var variables = new Dictionary<string, string>();
        if (connection is not null)
        {
            variables["ConnectionStrings__redis"] = connection;
        }

        Assert.Equal(hasStore, RouterConfigurationSource.FromEnvironment(variables).HasStore);
    }

    [Theory]
    [InlineData("budget: { usd: 1 }", "", "keys[0].budget: requests to m are refused (403) under the budget of the key: the model has no price")]
    [InlineData("modelLimits: { \"*\": { budget: { usd: 1 } } }", "", "keys[0].modelLimits.*.budget: requests to m are refused (403)")]
    [InlineData("", "limits: { budget: { usd: 1 } }", "limits.budget: requests to m are refused (403) under the budget of everything")]
    [InlineData("operations: [chat, batches], limits: { tokensPerMinute: 5 }", "", "keys[0].operations: batches is passed on without its tokens")]
    public void What_is_hardly_meant_is_a_warning(string key, string rest, string warning) =>
        Assert.StartsWith(warning, Assert.Single(Loaded.Model(Yaml("", key, rest)).Warnings).ToString());

    [Theory]
    [InlineData("price: { input: 1 }", "budget: { usd: 1 }")]
    [InlineData("", "models: [other], budget: { usd: 1 }")]
    [InlineData("", "modelLimits: { other: { budget: { usd: 1 } } }")]
    public void Nothing_is_warned_of_where_every_model_of_a_budget_has_a_price(string model, string key) =>
        Assert.Empty(Loaded.Model(Yaml(model, key)).Warnings);

    private static string Yaml(string model = "", string key = "", string rest = "") =>
        $$"""
        backends: { b: { url: "http://b/v1" } }
        models: { m: { targets: [ { backend: b } ]{{Rest(model)}} } }
        keys: [ { name: k, hash: "{{Hash}}"{{Rest(key)}} } ]
        {{rest}}
        """;

    private static string Rest(string members) => members.Length == 0 ? "" : ", " + members;
}
