using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Commands.Import.Served;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Commands.Import;

/// <summary>
/// What was imported is served: clients keep their names and keys, and backends get the secrets that were said to be set.
/// </summary>
public sealed class ImportServedTests : IAsyncLifetime
{
    private ScriptedUpstream _first = null!;
    private ScriptedUpstream _second = null!;

    public async ValueTask InitializeAsync() =>
        (_first, _second) = (
            await ScriptedUpstream.StartAsync(FakeProvider.AnswerAsync), await ScriptedUpstream.StartAsync(FakeProvider.AnswerAsync));

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task LiteLlms_client_keeps_its_key_and_may_use_its_access_group()
    {
        const string key = "sk-search-frontend-key-of-the-sample-01";
        await using var router = await StartLiteLlmAsync();

        var (status, body) = await ChatAsync(router, key, "llama-70b");
        var (forbidden, _) = await ChatAsync(router, key, "claude-sonnet");
        var (unknown, _) = await ChatAsync(router, key + "x", "llama-70b");

        Assert.Equal((200, 401), (status, unknown));
        Assert.InRange(forbidden, 403, 404);
        Assert.Equal("llama-70b", (string?)JsonNode.Parse(body)!["model"]);
        var asked = JsonNode.Parse(_first.Request.Text)!;
        Assert.Equal("meta-llama/Llama-3.3-70B-Instruct", (string?)asked["model"]);
        Assert.Equal(0.6, (double?)asked["temperature"]);
        Assert.Equal("Bearer value-of-AIROUTER_SECRET_VLLM", _first.Request.Header("Authorization"));
    }

    [Fact]
    public async Task LiteLlms_fallback_answers_when_both_deployments_fail()
    {
        _first.Script = call => call.JsonAsync("""{"error":{"message":"no"}}""", 503);
        await using var router = await StartLiteLlmAsync();

        var (status, body) = await ChatAsync(router, "sk-master-secret-of-the-sample-0123456789", "llama-70b");

        Assert.Equal((200, FakeProvider.Says), (status, (string?)JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"]));
        Assert.NotEmpty(_first.Requests);
        Assert.Equal("gpt-4o-eu", (string?)JsonNode.Parse(_second.Request.Text)!["model"]);
        Assert.Equal("Bearer value-of-AIROUTER_SECRET_AZURE_CONTOSO_EU", _second.Request.Header("Authorization"));
    }

    [Theory]
    [InlineData("gpt-4", "gpt-4o-eu")]
    [InlineData("fast", "gpt-4o-mini")]
    public async Task LiteLlms_alias_is_the_model_behind_it(string alias, string asked)
    {
        await using var router = await StartLiteLlmAsync();

        var (status, _) = await ChatAsync(router, "sk-master-secret-of-the-sample-0123456789", alias);

        Assert.Equal(200, status);
        Assert.Equal(asked, (string?)JsonNode.Parse(_second.Request.Text)!["model"]);
    }

    [Theory]
    [InlineData("openai/gpt-4o-mini", "gpt-4o-mini", "value-of-AIROUTER_SECRET_OPENAI")]
    [InlineData("vllm/meta-llama/Llama-3.3-70B-Instruct", "meta-llama/Llama-3.3-70B-Instruct", null)]
    [InlineData("anthropic/claude-sonnet-4-5", "claude-sonnet-4-5", "value-of-AIROUTER_SECRET_ANTHROPIC")]
    [InlineData("anthropic/claude-haiku-4-5", "claude-haiku-4-5", "value-of-AIROUTER_SECRET_ANTHROPIC")]
    [InlineData("claude-haiku-4-5", "claude-haiku-4-5", "value-of-AIROUTER_SECRET_ANTHROPIC")]
    public async Task Bifrosts_virtual_key_opens_the_models_of_its_providers(string model, string asked, string? credential)
    {
        var run = await ImportRun.RunAsync(ImportRun.Sample("bifrost.json"));

        // A key with a budget is refused models without a price, and the sample has none: Bifrost fetches its list.
        await using var router = await StartAsync(
            run with { Output = run.Output.Replace("  budget:\n    usd: 200\n", "", StringComparison.Ordinal) },
            ("OPENAI_PRIMARY", _first), ("VLLM_GPU_1", _first), ("VLLM_GPU_2", _first), ("ANTHROPIC", _first), ("AZURE", _second));

        var (status, _) = await ChatAsync(router, "sk-bf-secret-of-the-sample-search-00112233", model);
        var (forbidden, _) = await ChatAsync(router, "sk-bf-secret-of-the-sample-search-00112233", "azure/gpt-4.1");
        var (disabled, _) = await ChatAsync(router, "sk-bf-secret-of-the-sample-old-44556677", model);

        Assert.Equal((200, 401), (status, disabled));
        Assert.InRange(forbidden, 403, 404);
        Assert.Empty(_second.Requests);
        Assert.Equal(asked, (string?)JsonNode.Parse(_first.Request.Text)!["model"]);
        var isAnthropic = asked.StartsWith("claude", StringComparison.Ordinal);
        Assert.Equal(isAnthropic ? credential : null, _first.Request.Header("x-api-key"));
        Assert.Equal(isAnthropic || credential is null ? null : $"Bearer {credential}", _first.Request.Header("Authorization"));
    }

    [Fact]
    public async Task Originals_models_are_served_by_Triton_and_others_with_its_keys()
    {
        const string key = "sk-lab-secret-of-the-sample-alpha-0001";
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions(), cancellationToken: TestContext.Current.CancellationToken);
        var run = await ImportRun.RunAsync(ImportRun.Sample("ai-router.toml"));
        await using var router = await StartAsync(run, [("OPENAI", _first), ("VLLM", _second)], ("GPU", triton.Address));

        var (status, body) = await ChatAsync(router, key, "Mistral-7B-Instruct-v0.2");
        var (byDefault, _) = await ChatAsync(router, "lab-beta", null);
        var (renamed, _) = await ChatAsync(router, key, "qwen2.5-7b");
        var (unknown, _) = await ChatAsync(router, "nobody", "qwen2.5-7b");

        Assert.Equal((200, 200, 200, 401), (status, byDefault, renamed, unknown));
        Assert.Equal("Mistral-7B-Instruct-v0.2", (string?)JsonNode.Parse(body)!["model"]);
        Assert.Contains("[INST]", (string)triton.Requests.First().Input("text_input")!.Values[0]!, StringComparison.Ordinal);
        Assert.Equal("Qwen/Qwen2.5-7B-Instruct", (string?)JsonNode.Parse(_second.Request.Text)!["model"]);
        Assert.Null(_second.Request.Header("Authorization"));
        Assert.Empty(_first.Requests);
    }

    private async Task<RunningRouter> StartLiteLlmAsync()
    {
        var run = await ImportRun.RunAsync(ImportRun.Sample("litellm.yaml"), "--keys", ImportRun.Sample("litellm-keys.json"));
        return await StartAsync(
            run, ("VLLM_1", _first), ("VLLM_2", _first), ("AZURE_CONTOSO_EU", _second), ("OPENAI", _second), ("OPENAI_2", _second));
    }

    private static Task<RunningRouter> StartAsync(
        ImportRun run, params IReadOnlyList<(string Backend, ScriptedUpstream Upstream)> upstreams) =>
        StartAsync(run, upstreams, []);

    // The configuration as it was made: only where its backends are is laid over it.
    private static Task<RunningRouter> StartAsync(
        ImportRun run,
        IReadOnlyList<(string Backend, ScriptedUpstream Upstream)> upstreams,
        params IReadOnlyList<(string Backend, Uri Url)> others)
    {
        Assert.Equal(0, run.Code);
        var environment = run.Secrets();
        foreach (var (backend, url) in upstreams.Select(static u => (u.Backend, u.Upstream.Url)).Concat(others))
        {
            environment[$"AIROUTER__BACKENDS__{backend}__URL"] = url.ToString().TrimEnd('/');
        }

        return RunningRouter.StartAsync(run.Output, environment);
    }

    private static async Task<(int Status, string Body)> ChatAsync(RunningRouter router, string key, string? model)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" }),
        };
        if (model is null)
        {
            body.Remove("model");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
