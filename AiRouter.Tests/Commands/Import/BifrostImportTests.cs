using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Commands.Import;

/// <summary>What the sample of Bifrost has not.</summary>
public sealed class BifrostImportTests
{
    private const string Provider =
        """ "providers": { "sgl": { "keys": [""" +
        """{ "name": "k", "models": ["a", "b"], "weight": 1, "sgl_key_config": { "url": "env.SGL_URL" } }] } } """;

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
    [InlineData(1, false, "openai/*|gpt-*|chatgpt-*|o1*|o3*|o4*|text-embedding-*|whisper-*|tts-*|dall-e-*|omni-moderation-*")]
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
        Assert.Equal(models.Split('|', StringSplitOptions.RemoveEmptyEntries), key.Models!);
    }

    [Fact]
    public async Task Limits_of_a_provider_config_are_model_limits()
    {
        var run = await ImportAsync($$"""
            { {{Provider}}, "governance": {
              "budgets": [{ "id": "b", "max_limit": 5, "reset_duration": "1d", "provider_config_id": 7 }],
              "rate_limits": [{ "id": "r", "request_max_limit": 30, "request_reset_duration": "30s" }],
              "virtual_keys": [{ "id": "1", "name": "k", "value": "sk-bf-0123456789012345678901234567890",
                "expires_at": "2027-01-31T00:00:00Z",
                "provider_configs": [{ "id": 7, "provider": "sgl", "allowed_models": ["*"], "rate_limit_id": "r" }] }] } }
            """);

        var key = Assert.Single(Read(run).Keys);
        Assert.Equal(
            new KeyModelConfig { RequestsPerMinute = 60, Budget = new BudgetConfig { Usd = 5, Per = BudgetPeriod.Day } },
            key.ModelLimits["sgl/*"]);
        Assert.Equal(DateTimeOffset.Parse("2027-01-31T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture), key.Expires);
    }

    [Theory]
    [InlineData("\"models\": [\"gpt-4o\"]", "\"models\": [\"*\"]", "openai-a|openai-b")]
    [InlineData("\"models\": [\"*\"]", "\"models\": [\"gpt-4o\"]", "openai-a|openai-b")]
    [InlineData("\"models\": [\"gpt-4o\"], \"enabled\": false", "\"models\": [\"*\"]", null)]
    [InlineData("\"models\": [\"gpt-4o\"]", "\"models\": [\"*\"], \"blacklisted_models\": [\"gpt-4o\"]", "openai-a")]
    public async Task Key_for_all_models_serves_what_other_keys_name(string first, string second, string? backends)
    {
        var config = Read(await ImportAsync($$"""
            { "providers": { "openai": { "keys": [
              { "name": "a", "value": "env.A", "weight": 1, {{first}} }, { "name": "b", "value": "env.B", "weight": 3, {{second}} }] } } }
            """));

        Assert.Equal(
            backends?.Split('|'), config.Models.GetValueOrDefault("openai/gpt-4o")?.Targets.Select(static t => t.Backend));
    }

    [Fact]
    public async Task Model_that_a_key_must_not_serve_is_in_no_pattern_of_it()
    {
        var run = await ImportAsync("""
            { "providers": { "openai": { "keys": [
              { "name": "a", "value": "env.A", "models": ["*"], "aliases": { "fast": "gpt-4o-mini" },
                "blacklisted_models": ["GPT-4o"] }] } },
              "governance": { "virtual_keys": [{ "id": "1", "name": "k", "value": "sk-bf-0123456789012345678901234567890",
                "provider_configs": [{ "provider": "openai", "allowed_models": ["gpt-4o", "gpt-4.1"] }] }] } }
            """);

        Assert.Equal(["openai/fast", "openai/gpt-4.1"], Read(run).Models.Keys.Order());
        Assert.Contains(
            "# - providers.openai.keys[0].blacklisted_models: nothing is taken out of a pattern", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "{ \"value\": \"sk-plain-secret-1\", \"env_var\": \"\", \"from_env\": false }",
        "the secret at providers.openai.keys[0].value.value")]
    [InlineData("{ \"value\": \"sk-plain-secret-1\", \"env_var\": \"env.OPENAI\", \"from_env\": true }", "what OPENAI has")]
    [InlineData("{ \"value\": \"\", \"env_var\": \"env.OPENAI\", \"from_env\": true }", "what OPENAI has")]
    [InlineData("\"sk-plain-secret-1\"", "the secret at providers.openai.keys[0].value")]
    [InlineData("{ \"value\": \"\", \"env_var\": \"\", \"from_env\": false }", null)]
    public async Task Secret_may_be_an_object(string value, string? from)
    {
        var run = await ImportAsync($$"""{ "providers": { "openai": { "keys": [{ "models": ["a"], "value": {{value}} }] } } }""");

        Assert.Equal(from is null ? null : "env:AIROUTER_SECRET_OPENAI", Read(run).Backends["openai"].ApiKey);
        Assert.Equal(from is not null, run.Output.Contains($"# - set AIROUTER_SECRET_OPENAI to {from}\n", StringComparison.Ordinal));
        Assert.DoesNotContain("plain-secret", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_of_an_unknown_form_is_told()
    {
        var run = await ImportAsync("""{ "providers": { "openai": { "keys": [{ "models": ["a"], "value": { "vault": "x" } }] } } }""");

        Assert.Contains("providers.openai.keys[0].value: not imported: a text was expected here", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vllm", "\"vllm_key_config\": { \"url\": ADDRESS }", "", "http://gpu:8000/v1")]
    [InlineData("azure", "\"azure_key_config\": { \"endpoint\": ADDRESS }", "", "http://gpu:8000/openai/v1")]
    [InlineData("openai", "\"weight\": 1", ", \"network_config\": { \"base_url\": ADDRESS }", "http://gpu:8000/v1")]
    public async Task Address_may_be_an_object(string provider, string ofKey, string ofProvider, string url)
    {
        var json = $$"""{ "providers": { "{{provider}}": { "keys": [{ "models": ["a"], {{ofKey}} }] {{ofProvider}} } } }""";
        var plain = await ImportAsync(json.Replace(
            "ADDRESS", "{ \"value\": \"http://gpu:8000\", \"env_var\": \"\", \"from_env\": false }", StringComparison.Ordinal));
        var variable = await ImportAsync(json.Replace(
            "ADDRESS", "{ \"value\": \"\", \"env_var\": \"env.PLACE\", \"from_env\": true }", StringComparison.Ordinal));

        Assert.Equal(url, Read(plain).Backends[provider].Url.OriginalString);
        Assert.Equal("http://set-me.invalid", Read(variable).Backends[provider].Url.OriginalString);
        Assert.Contains($"set the url of the backend \"{provider}\" to what PLACE has", variable.Output, StringComparison.Ordinal);
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
