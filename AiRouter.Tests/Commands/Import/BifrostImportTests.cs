using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Commands.Import;

/// <summary>What the sample of Bifrost has not.</summary>
public sealed class BifrostImportTests
{
    private const string Provider =
        """ "providers": { "sgl": { "keys": [{ "name": "k", "models": ["a", "b"], "weight": 1, "sgl_key_config": { "url": "env.SGL_URL" } }] } } """;

    [Fact]
    public async Task Variables_that_are_set_are_an_address_and_a_keys_value()
    {
        var run = await ImportAsync(
            $$"""
            { {{Provider}}, "governance": { "virtual_keys": [{ "id": "1", "name": "k", "value": "env.VK",
              "provider_configs": [{ "provider": "sgl", "allowed_models": ["a"] }] }] } }
            """,
            new Dictionary<string, string> { ["SGL_URL"] = "http://sgl:30000", ["VK"] = "sk-bf-a-virtual-key-of-the-environment" });
        var config = Read(run);

        Assert.Equal("http://sgl:30000/v1", config.Backends["sgl"].Url.OriginalString);
        var key = Assert.Single(config.Keys);
        Assert.Equal(ClientKeySecret.HashOf("sk-bf-a-virtual-key-of-the-environment"), key.Hash);
        Assert.Equal(["sgl/a"], key.Models!);
        Assert.Contains("server.authentication: optional", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_that_nobody_knows_is_left_to_do()
    {
        var run = await ImportAsync($"{{ {Provider} }}");

        Assert.Contains("set the url of the backend \"sgl\" to what SGL_URL has", run.Output, StringComparison.Ordinal);
        Assert.Equal("http://set-me.invalid", Read(run).Backends["sgl"].Url.OriginalString);
    }

    [Theory]
    [InlineData(1, false, "openai/*|gpt-*")]
    [InlineData(2, true, "")]
    public async Task Empty_list_of_models_is_all_in_version_1_and_none_later(int version, bool isDisabled, string models)
    {
        var run = await ImportAsync($$"""
            { "version": {{version}}, "providers": { "openai": { "keys": [{ "name": "k", "value": "env.K", "models": ["*"] }] } },
              "governance": { "virtual_keys": [{ "id": "1", "name": "k", "value": "sk-bf-0123456789012345678901234567890",
              "provider_configs": [{ "provider": "openai", "allowed_models": [] }] }] } }
            """);

        var key = Assert.Single(Read(run).Keys);
        Assert.Equal(isDisabled, key.Disabled);
        Assert.Equal(models.Split('|', StringSplitOptions.RemoveEmptyEntries), key.Models!.Take(2).Where(m => m is "openai/*" or "gpt-*"));
    }

    [Fact]
    public async Task Limits_of_a_provider_config_are_model_limits()
    {
        var run = await ImportAsync($$"""
            { {{Provider}}, "governance": {
              "budgets": [{ "id": "b", "max_limit": 5, "reset_duration": "1d", "provider_config_id": 7 }],
              "rate_limits": [{ "id": "r", "request_max_limit": 30, "request_reset_duration": "30s" }],
              "virtual_keys": [{ "id": "1", "name": "k", "value": "sk-bf-0123456789012345678901234567890", "expires_at": "2027-01-31T00:00:00Z",
                "provider_configs": [{ "id": 7, "provider": "sgl", "allowed_models": ["*"], "rate_limit_id": "r" }] }] } }
            """);

        var key = Assert.Single(Read(run).Keys);
        Assert.Equal(
            new KeyModelConfig { RequestsPerMinute = 60, Budget = new BudgetConfig { Usd = 5, Per = BudgetPeriod.Day } },
            key.ModelLimits["sgl/*"]);
        Assert.Equal(DateTimeOffset.Parse("2027-01-31T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture), key.Expires);
    }

    private static async Task<ImportRun> ImportAsync(string json, IReadOnlyDictionary<string, string>? environment = null)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-import-");
        var file = Path.Combine(folder.FullName, "config.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        var run = await ImportRun.RunAsync(environment ?? new Dictionary<string, string>(), [file]);
        folder.Delete(recursive: true);
        return run;
    }

    private static RouterConfig Read(ImportRun run)
    {
        Assert.True(run.Code == 0, run.Error);
        return WrittenConfiguration.OfYaml(run.Output, "x").Config!;
    }
}
