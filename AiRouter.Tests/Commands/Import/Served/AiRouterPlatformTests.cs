using AiRouter.TritonSimulator.Recording;
using static AiRouter.Tests.Commands.Import.Served.AiRouterPlatform;

namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>Clients of the original ai-router keep the names of their models, on Triton and elsewhere.</summary>
public sealed class AiRouterPlatformTests(AiRouterPlatform platform) : IClassFixture<AiRouterPlatform>
{
    private const string Key = "sk-research-secret-of-the-sample-notebooks-01";

    private ServedImport Router => platform.Router;

    [Theory]
    [InlineData("Mistral-7B-Instruct-v0.2", "[INST]")]
    [InlineData(null, "[INST]")]
    [InlineData("house", "Hello")]
    public async Task Triton_is_asked_with_the_models_prompt_format(string? model, string prompt)
    {
        var (status, text) = await Router.ChatAsync(Key, model);

        Assert.True(status == 200, text);
        Assert.Contains(prompt, PromptOf(platform.First.Requests.Last()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_Triton_has_its_own_models()
    {
        var (status, text) = await Router.ChatAsync("sk-research-secret-of-the-sample-batch-02", "Llama-3.1-8B-Instruct");

        Assert.True(status == 200, text);
        Assert.Contains("<|start_header_id|>", PromptOf(platform.Second.Requests.Last()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen2.5-72b", Vllm, "Qwen/Qwen2.5-72B-Instruct", null)]
    [InlineData("gpt-4o-mini", OpenAi, "gpt-4o-mini", "Bearer value-of-AIROUTER_SECRET_OPENAI")]
    [InlineData("my-gpt", OpenAi, "gpt-4o", null)]
    public async Task Other_backends_are_asked_by_their_names(string model, string server, string asked, string? credential)
    {
        Assert.Equal((200, FakeProvider.Says), await Router.ChatAsync(Key, model));
        Assert.Equal(("/v1/chat/completions", asked, credential), Router.Asked(server));
    }

    [Theory]
    [InlineData("bge-large-en-v1.5", 384)]
    [InlineData("e5-large", 2)]
    [InlineData("text-embedding-3-small", 2)]
    [InlineData("qwen2.5-72b", 2)]
    public async Task Embeddings_are_made(string model, int length) =>
        Assert.Equal((200, length), await Router.EmbedAsync(Key, model));

    [Fact]
    public async Task Unknown_keys_and_models_without_a_backend_are_refused()
    {
        var (unknown, _) = await Router.ChatAsync("sk-nobody", "house");
        var (missing, _) = await Router.ChatAsync(Key, "legacy");

        Assert.Equal((401, 404), (unknown, missing));
    }

    private static string PromptOf(RecordedRequest request) => (string)request.Input("text_input")!.Values[0]!;
}
