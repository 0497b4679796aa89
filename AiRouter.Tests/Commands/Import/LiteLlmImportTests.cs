using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Commands.Import;

/// <summary>What the sample of LiteLLM has not.</summary>
public sealed class LiteLlmImportTests
{
    [Theory]
    [InlineData("openai/a/b", "http://h/v1", "http://h/v1", "a/b")]
    [InlineData("hosted_vllm/a", "http://h:8000/v1/", "http://h:8000/v1", "a")]
    [InlineData("ollama/a:7b", "http://h:11434", "http://h:11434/v1", "a:7b")]
    [InlineData("ollama/a", null, "http://localhost:11434/v1", "a")]
    [InlineData("azure/dep", "https://c.openai.azure.com/", "https://c.openai.azure.com/openai/v1", "dep")]
    [InlineData("azure/dep", "https://c.openai.azure.com/openai/v1", "https://c.openai.azure.com/openai/v1", "dep")]
    [InlineData("anthropic/claude-x", "https://h", "https://h/v1", "claude-x")]
    [InlineData("gpt-4o", null, "https://api.openai.com/v1", "gpt-4o")]
    [InlineData("claude-x", null, "https://api.anthropic.com/v1", "claude-x")]
    [InlineData("meta-llama/Llama-3", "http://h/v1", "http://h/v1", "meta-llama/Llama-3")]
    [InlineData("triton/a", "http://h:8000/generate", "http://h:8001", "a")]
    [InlineData("triton/a", "http://h:8000/v2/models/b/generate", "http://h:8001", "b")]
    public async Task Provider_says_where_a_model_is_and_what_it_is_called_there(string model, string? address, string url, string name)
    {
        var config = await ImportAsync($$"""
            model_list: [{ model_name: m, litellm_params: { model: "{{model}}"{{(address is null ? "" : $", api_base: \"{address}\"")}} } }]
            """);

        Assert.Equal(url, Assert.Single(config.Backends).Value.Url.OriginalString);
        Assert.Equal(name, Assert.Single(config.Models["m"].Targets).Model);
        Assert.Equal(url.EndsWith(":8001", StringComparison.Ordinal) ? BackendKind.Triton : BackendKind.OpenAi, config.Backends.Values.Single().Kind);
    }

    [Theory]
    [InlineData("*", "openai/*", "*")]
    [InlineData("gpt-*", "openai/gpt-*", "gpt-*")]
    [InlineData("anthropic/*", "anthropic/*", "claude-*")]
    [InlineData("any-*", "openai/gpt-4o", "any-*")]
    [InlineData("groq/*", "groq/*", null)]
    [InlineData("my-*", "openai/gpt-*", null)]
    public async Task Pattern_is_imported_when_names_stay_as_they_are(string name, string model, string? pattern)
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", $"model_list: [{{ model_name: '{name}', litellm_params: {{ model: '{model}' }} }}]");

        Assert.Equal(pattern is null ? 1 : 0, run.Code);
        Assert.Equal(pattern is null, run.Error.Contains("declare each model by its name", StringComparison.Ordinal));
        if (pattern is not null)
        {
            Assert.Equal(pattern, Read(run).Models.Keys.Single());
        }
    }

    [Fact]
    public async Task Rates_are_limits_where_LiteLlm_enforces_them()
    {
        var config = await ImportAsync("""
            model_list:
            - { model_name: m, litellm_params: { model: openai/a, api_base: 'http://a/v1', rpm: 100, tpm: 5000 }, model_info: { max_output_tokens: 100 } }
            - { model_name: m, litellm_params: { model: openai/a, api_base: 'http://b/v1', rpm: 300, tpm: 5000 } }
            router_settings: { optional_pre_call_checks: [enforce_model_rate_limits] }
            """);

        Assert.Equal(new LimitsConfig { RequestsPerMinute = 400, TokensPerMinute = 10_000 }, config.Models["m"].Limits);
        Assert.Equal([1, 3], config.Models["m"].Targets.Select(t => t.Weight));
    }

    [Fact]
    public async Task Credential_of_the_list_and_address_of_a_variable_are_the_deployments()
    {
        var run = await ImportRun.OfTextAsync("c.yaml", """
            model_list:
            - { model_name: m, litellm_params: { model: azure/d, litellm_credential_name: eu } }
            - { model_name: n, litellm_params: { model: openai/n, api_base: os.environ/ELSEWHERE, api_key: EMPTY } }
            credential_list:
            - { credential_name: us, credential_values: { api_key: other-secret } }
            - { credential_name: eu, credential_values: { api_key: os.environ/EU_KEY, api_base: os.environ/EU_BASE } }
            environment_variables: { EU_BASE: 'https://eu.openai.azure.com' }
            """);
        var config = Read(run);

        Assert.Equal("https://eu.openai.azure.com/openai/v1", config.Backends["azure-eu"].Url.OriginalString);
        Assert.Equal("env:AIROUTER_SECRET_EU", config.Backends["azure-eu"].ApiKey);
        Assert.Null(config.Backends["openai"].ApiKey);
        Assert.Contains("set the url of the backend \"openai\" to what ELSEWHERE has", run.Output, StringComparison.Ordinal);
        Assert.Contains("credential_list[0]: not imported: no deployment refers to it", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("other-secret", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("os.environ/MASTER", "sk-from-the-environment-of-the-import-01")]
    [InlineData("os.environ/UNSET", null)]
    [InlineData("sk-plain-master-key-of-a-small-proxy-01", "sk-plain-master-key-of-a-small-proxy-01")]
    public async Task Master_key_is_a_client_key_by_its_hash_if_anybody_knows_it(string value, string? secret)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-import-");
        var file = Path.Combine(folder.FullName, "c.yaml");
        await File.WriteAllTextAsync(
            file, $"{Model}\ngeneral_settings: {{ master_key: {value} }}\n", TestContext.Current.CancellationToken);
        var run = await ImportRun.RunAsync(
            new Dictionary<string, string> { ["MASTER"] = "sk-from-the-environment-of-the-import-01" }, [file]);
        folder.Delete(recursive: true);
        var config = Read(run);

        Assert.Equal(secret is null ? [] : [ClientKeySecret.HashOf(secret)], config.Keys.Select(k => k.Hash));
        Assert.Equal(value == "null" ? AuthenticationMode.Auto : AuthenticationMode.Required, config.Server.Authentication);
        Assert.Equal(value == "os.environ/UNSET", run.Error.Contains("the master key is not imported", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_secrets_differ_where_secrets_do()
    {
        var config = await ImportAsync("""
            model_list:
            - { model_name: a, litellm_params: { model: openai/a, api_base: 'http://a/v1', api_key: os.environ/TEAM_KEY } }
            - { model_name: b, litellm_params: { model: openai/b, api_base: 'http://b/v1', api_key: os.environ/TEAM_API_KEY } }
            - { model_name: c, litellm_params: { model: openai/c, api_base: 'http://team/v1', api_key: plain-1 } }
            - { model_name: d, litellm_params: { model: openai/d, api_base: 'http://d/v1', api_key: plain-1 } }
            """);

        Assert.Equal(
            ["AIROUTER_SECRET_TEAM", "AIROUTER_SECRET_TEAM_API_KEY", "AIROUTER_SECRET_TEAM_2", "AIROUTER_SECRET_TEAM_2"],
            new[] { "a", "b", "team", "d" }.Select(b => config.Backends[b].ApiKey!["env:".Length..]));
    }

    [Fact]
    public async Task Later_of_two_equal_keys_counts_and_own_members_go_before_merged_ones()
    {
        var config = await ImportAsync("""
            base: &base { api_base: 'http://first/v1', temperature: 0.1 }
            more: &more { api_base: 'http://second/v1', top_p: 0.5 }
            model_list:
            - model_name: m
              litellm_params: { <<: [*base, *more], model: openai/x, model: openai/y, temperature: 0.9 }
            """);

        var target = Assert.Single(config.Models["m"].Targets);
        Assert.Equal(("first", "y"), (target.Backend, target.Model));
        Assert.Equal("{\"temperature\":0.9,\"top_p\":0.5}", string.Concat(
            "{", string.Join(',', target.Parameters.Defaults.Select(d => $"\"{d.Key}\":{d.Value!.ToJsonString()}")), "}"));
    }

    [Theory]
    [InlineData("""{"token":"sk-clear-text","key_alias":"a"}""", "litellm-clear")]
    [InlineData("""{"token":"ABCDEF0000000000000000000000000000000000000000000000000000000000"}""", "litellm-abcdef00")]
    public async Task Rows_of_keys_may_stand_under_keys(string row, string name)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-import-");
        var (file, keys) = (Path.Combine(folder.FullName, "c.yaml"), Path.Combine(folder.FullName, "k.json"));
        await File.WriteAllTextAsync(file, Model, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keys, $"{{\"keys\":[{row},{row}],\"total_count\":2}}", TestContext.Current.CancellationToken);
        var run = await ImportRun.RunAsync(file, "--keys", keys);
        folder.Delete(recursive: true);

        var key = Assert.Single(Read(run).Keys);
        Assert.Equal(name == "litellm-clear" ? "a" : name, key.Name);
        Assert.DoesNotContain("sk-clear-text", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal("keys[1]: not imported: the same key stands above [k.json, line 1]\n", run.Error);
    }

    private const string Model = "model_list: [{ model_name: m, litellm_params: { model: openai/m, api_base: 'http://a/v1' } }]\n";

    private static async Task<RouterConfig> ImportAsync(string yaml) => Read(await ImportRun.OfTextAsync("c.yaml", yaml));

    private static RouterConfig Read(ImportRun run)
    {
        Assert.True(run.Code == 0, run.Error);
        return WrittenConfiguration.OfYaml(run.Output, "x").Config!;
    }
}
