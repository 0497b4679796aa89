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
    [InlineData("anthropic/claude-x", "https://h/v1/messages", "https://h/v1", "claude-x")]
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
        Assert.Equal(url.EndsWith(":8001", StringComparison.Ordinal), config.Backends.Values.Single().Kind == BackendKind.Triton);
    }

    [Theory]
    [InlineData("*", "openai/*", "*=")]
    [InlineData("gpt-*", "openai/gpt-*", "gpt-*=")]
    [InlineData("anthropic/*", "anthropic/*", "anthropic/*=*|claude-*=")]
    [InlineData("groq/*", "groq/*", "groq/*=*")]
    [InlineData("my-*", "openai/gpt-*", "my-*=gpt-*")]
    [InlineData("any-*", "openai/gpt-4o", "any-*=gpt-4o")]
    public async Task Pattern_is_imported_with_what_its_star_stands_for(string name, string model, string models)
    {
        var config = await ImportAsync($"model_list: [{{ model_name: '{name}', litellm_params: {{ model: '{model}' }} }}]");

        Assert.Equal(models, string.Join('|', config.Models.OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => $"{m.Key}={Assert.Single(m.Value.Targets).Model}")));
    }

    [Theory]
    [InlineData("all", "openai/*", "needs a public name with one * too")]
    [InlineData("a*b*", "openai/*", "needs a public name with one * too")]
    [InlineData("*", "*", "declare openai/*, anthropic/* and the like")]
    public async Task Pattern_without_a_star_for_its_star_is_told(string name, string model, string sentence)
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", $"model_list: [{{ model_name: '{name}', litellm_params: {{ model: '{model}' }} }}]");

        Assert.Equal(1, run.Code);
        Assert.Contains($"model_list[0].litellm_params.model: not imported: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic/claude-x", "", BackendKind.Anthropic, true)]
    [InlineData("claude-x", "", BackendKind.Anthropic, true)]
    [InlineData("mistral/m", "", BackendKind.OpenAi, false)]
    [InlineData("hosted_vllm/m", ", api_base: 'http://h/v1'", BackendKind.OpenAi, true)]
    [InlineData("openai/m", ", api_base: 'http://h/v1', use_chat_completions_api: true", BackendKind.OpenAi, false)]
    public async Task Backend_is_asked_in_what_it_speaks(string model, string parameters, BackendKind kind, bool hasResponses)
    {
        var config = await ImportAsync($"model_list: [{{ model_name: m, litellm_params: {{ model: '{model}'{parameters} }} }}]");

        var backend = Assert.Single(config.Backends).Value;
        Assert.Equal((kind, hasResponses), (backend.Kind, backend.Responses));
    }

    [Theory]
    [InlineData("openai/responses/o3-pro", "")]
    [InlineData("openai/o3-pro", ", model_info: { mode: responses }")]
    public async Task Model_of_the_Responses_API_is_for_that(string model, string info)
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", $"model_list: [{{ model_name: m, litellm_params: {{ model: {model} }}{info} }}]");
        var imported = Read(run).Models["m"];

        Assert.Equal(["responses"], imported.Operations!);
        Assert.Equal("o3-pro", imported.Targets[0].Model);
        Assert.Contains("model_list[0]: the model is for the Responses API only", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Anthropic_has_no_word_for_is_left_out_where_LiteLlm_drops_it()
    {
        var config = await ImportAsync("""
            model_list: [{ model_name: m, litellm_params: { model: anthropic/claude-x }, model_info: { mode: chat } }]
            litellm_settings: { drop_params: true }
            """);

        Assert.Equal(UnsupportedParameters.Drop, config.Models["m"].UnsupportedParameters);
        Assert.Equal(["chat", "responses"], config.Models["m"].Operations!);
    }

    [Fact]
    public async Task Checks_before_a_call_without_an_equivalent_are_told()
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", Model + "router_settings: { optional_pre_call_checks: [responses_api_deployment_check, prompt_caching] }\n");

        Assert.Contains("router_settings.optional_pre_call_checks: only enforce_model_rate_limits", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rates_are_limits_where_LiteLlm_enforces_them()
    {
        var config = await ImportAsync("""
            model_list:
            - model_name: m
              litellm_params: { model: openai/a, api_base: 'http://a/v1', rpm: 100, tpm: 5000 }
              model_info: { max_output_tokens: 100 }
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
    [InlineData("tools: [{ type: mcp, headers: { Authorization: hidden-secret } }]", "tools", "tools may have credentials in them")]
    [InlineData("web_search_options: { key: hidden-secret }", "web_search_options", "tools may have credentials in them")]
    [InlineData("extra_body: { tools: [{ headers: { A: hidden-secret } }] }", "extra_body.tools", "tools may have credentials in them")]
    [InlineData("user: os.environ/WHO", "user", "a variable is named here")]
    [InlineData("response_format: { a: [{ b: 'x os.environ/WHO' }] }", "response_format", "a variable is named here")]
    [InlineData("extra_body: { user: os.environ/WHO }", "extra_body.user", "a variable is named here")]
    public async Task Parameter_that_may_have_a_secret_is_not_imported(string parameter, string path, string sentence)
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", Model.Replace("model: openai/m", "model: openai/m, top_p: 0.5, " + parameter, StringComparison.Ordinal));

        Assert.Equal(["top_p"], Assert.Single(Read(run).Models["m"].Targets).Parameters.Defaults.Keys);
        Assert.Contains($"model_list[0].litellm_params.{path}: not imported: {sentence}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-secret", run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("os.environ/WHO", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai/own", "model_info: { mode: audio_transcription, input_cost_per_second: 0.0001 }", false)]
    [InlineData("openai/whisper-1", "model_info: { input_cost_per_second: 0.0001 }", false)]
    [InlineData("openai/gpt-4o-transcribe", "model_info: { input_cost_per_second: 0.0001 }", false)]
    [InlineData("openai/own", "model_info: { mode: chat, input_cost_per_second: 0.0001 }", true)]
    [InlineData("openai/own", "model_info: { input_cost_per_second: 0.0001 }", true)]
    public async Task Price_of_a_second_of_sound_is_no_price_of_a_second_of_work(string model, string info, bool isPrice)
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", $"model_list: [{{ model_name: m, litellm_params: {{ model: {model}, api_base: 'http://a/v1' }}, {info} }}]\n");

        Assert.Equal(isPrice ? 0.0001m : null, Read(run).Models["m"].Price?.PerGpuSecond);
        Assert.Equal(!isPrice, run.Output.Contains("not imported: this is for a second of sound", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fallback_for_what_is_too_long_for_any_model_is_told()
    {
        var run = await ImportRun.OfTextAsync(
            "c.yaml", $"{Model}router_settings: {{ context_window_fallbacks: [{{ '*': [m] }}], fallbacks: [{{ '*': [m] }}] }}\n");

        Assert.Empty(Read(run).Models["m"].Fallbacks);
        Assert.Contains(
            "router_settings.context_window_fallbacks[0].*: not imported: LiteLLM asks nobody either", run.Error, StringComparison.Ordinal);
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
