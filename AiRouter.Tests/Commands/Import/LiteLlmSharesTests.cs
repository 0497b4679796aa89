namespace AiRouter.Tests.Commands.Import;

/// <summary>Deployments of a model are asked in the order and as often as LiteLLM asks them.</summary>
public sealed class LiteLlmSharesTests
{
    [Theory]
    [InlineData("1 1", "", "")]
    [InlineData("2 1", "weight: 2", "weight: 1")]
    [InlineData("7 3", "weight: 0.7", "weight: 0.3")]
    [InlineData("1 0", "weight: 2", "weight: 0")]
    [InlineData("1 1:1", "weight: 2", "")]
    [InlineData("1 1:1", "weight: 2", "rpm: 9")]
    [InlineData("1 1", "", "weight: 2")]
    [InlineData("3 1", "rpm: 900", "rpm: 300")]
    [InlineData("1 1:1", "rpm: 900", "weight: 2")]
    [InlineData("1 1", "", "rpm: 300")]
    [InlineData("1 1:1 1:1", "weight: 3", "", "rpm: 5")]
    [InlineData("3 1 1:1", "tpm: 900", "tpm: 300", "")]
    public Task Missing_share_is_none_where_the_first_has_one(string expected, params string[] deployments) =>
        AssertSharesAsync(expected, "simple-shuffle", deployments);

    [Theory]
    [InlineData("2 1", "weight: 2", "weight: 1")]
    [InlineData("1 1", "weight: 2", "")]
    [InlineData("1 1", "rpm: 900", "")]
    public Task Policy_that_looks_at_no_weights_leaves_nobody_out(string expected, params string[] deployments) =>
        AssertSharesAsync(expected, "least-busy", deployments);

    [Theory]
    [InlineData("1 1:1", "order: 1", "order: 2")]
    [InlineData("1:1 1", "", "order: 2")]
    [InlineData("1 1:1 2:1", "order: 0", "order: 500", "")]
    [InlineData("1:1 1 1:1", "order: 7", "order: -1", "order: 7")]
    [InlineData("1 1:3 1:1", "order: 1, rpm: 900", "order: 2, rpm: 300", "order: 2, rpm: 100")]
    public Task Lowest_order_is_asked_first_and_whoever_has_none_last(string expected, params string[] deployments) =>
        AssertSharesAsync(expected, "simple-shuffle", deployments);

    [Fact]
    public async Task Order_may_stand_in_the_models_info()
    {
        var run = await ImportRun.OfTextAsync("c.yaml", """
            model_list:
            - { model_name: m, litellm_params: { model: openai/a, api_base: 'http://a/v1' }, model_info: { order: 2 } }
            - { model_name: m, litellm_params: { model: openai/a, api_base: 'http://b/v1', order: 1 }, model_info: { order: 9 } }
            """);

        Assert.Equal([1, 0], run.Read().Models["m"].Targets.Select(static t => t.Priority));
        Assert.DoesNotContain("order", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weight: 2", "", "it is asked when no other can answer, as in LiteLLM, because it has no weight")]
    [InlineData("rpm: 2", "", "it is asked when no other can answer, as in LiteLLM, because it has no rpm")]
    [InlineData("", "weight: 2", "weight does not count, as in LiteLLM")]
    public async Task Share_that_others_have_is_told(string first, string second, string sentence)
    {
        var run = await RunAsync("simple-shuffle", first, second);

        Assert.Contains($"model_list[1]: {sentence}", run.Error, StringComparison.Ordinal);
    }

    private static async Task AssertSharesAsync(string expected, string strategy, params string[] deployments)
    {
        var run = await RunAsync(strategy, deployments);
        var targets = run.Read().Models["m"].Targets;

        Assert.Equal(expected, string.Join(' ', targets.Select(static t => t.Priority == 0 ? $"{t.Weight}" : $"{t.Priority}:{t.Weight}")));
    }

    private static Task<ImportRun> RunAsync(string strategy, params IReadOnlyList<string> deployments) => ImportRun.OfTextAsync(
        "c.yaml",
        "model_list:\n" + string.Concat(deployments.Select(static (d, i) =>
            $"- {{ model_name: m, litellm_params: {{ model: openai/a, api_base: 'http://h{i}/v1'{(d.Length > 0 ? ", " + d : "")} }} }}\n")) +
        $"router_settings: {{ routing_strategy: {strategy} }}\n");
}
