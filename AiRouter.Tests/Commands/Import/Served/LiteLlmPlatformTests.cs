using System.Text.Json.Nodes;
using static AiRouter.Tests.Commands.Import.Served.LiteLlmPlatform;

namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>LiteLLM's clients keep their keys and the names of their models.</summary>
public sealed class LiteLlmPlatformTests(LiteLlmPlatform platform) : IClassFixture<LiteLlmPlatform>
{
    private const string ChatKey = "sk-platform-chat-key-for-tests-01";
    private const string AgentsKey = "sk-platform-agents-key-for-tests-02";

    private ServedImport Router => platform.Router;

    [Theory]
    [InlineData("gpt-4o", Azure, "/openai/v1/chat/completions", "gpt-4o-weu", "AZURE")]
    [InlineData("gpt-4", Azure, "/openai/v1/chat/completions", "gpt-4o-weu", "AZURE")]
    [InlineData("qwen3-coder", VllmB, "/v1/chat/completions", "Qwen/Qwen3-Coder-30B-A3B-Instruct", "GPU_POOL")]
    [InlineData("lab-7b", VllmB, "/v1/chat/completions", "lab-7b", "GPU_POOL")]
    [InlineData("mistral-large", Mistral, "/v1/chat/completions", "mistral-large-latest", "MISTRAL")]
    [InlineData("claude-sonnet", Claude, "/v1/messages", "claude-sonnet-4-5", "ANTHROPIC")]
    [InlineData("claude", Claude, "/v1/messages", "claude-sonnet-4-5", "ANTHROPIC")]
    [InlineData("claude-haiku", Claude, "/v1/messages", "claude-haiku-4-5", "ANTHROPIC")]
    public async Task Master_key_chats_with_every_model(string model, string server, string target, string asked, string secret)
    {
        var answer = await Router.ChatAsync(MasterKey, model);

        Assert.Equal((200, FakeProvider.Says), answer);
        Assert.Equal((target, asked), (Router.Asked(server).Target, Router.Asked(server).Model));
        Assert.Contains("AIROUTER_SECRET_" + secret, Router.Asked(server).Credential, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_of_the_database_opens_its_access_group_and_nothing_else()
    {
        var (status, _) = await Router.ChatAsync(ChatKey, "llama-3.3-70b");
        var (other, _) = await Router.ChatAsync(ChatKey, "mistral-large");
        var (blocked, _) = await Router.ChatAsync("sk-platform-left-the-company-04", "gpt-4o");
        var (expired, _) = await Router.ChatAsync("sk-platform-trial-of-last-year-05", "gpt-4o-mini");
        var (unknown, _) = await Router.ChatAsync("sk-nobody", "gpt-4o");

        Assert.Equal((200, 401, 401, 401), (status, blocked, expired, unknown));
        Assert.InRange(other, 403, 404);
    }

    [Theory]
    [InlineData("bge-m3", VllmA, "BAAI/bge-m3")]
    [InlineData("text-embedding-3-large", Azure, "text-embedding-3-large")]
    public async Task Embeddings_are_made(string model, string server, string asked)
    {
        Assert.Equal((200, 2), await Router.EmbedAsync(ChatKey, model));
        Assert.Equal(asked, Router.Asked(server).Model);
    }

    [Fact]
    public async Task Fallback_answers_when_all_deployments_fail()
    {
        Router[VllmA].Script = Router[VllmB].Script = static call => call.JsonAsync("""{"error":{"message":"no GPU"}}""", 503);
        try
        {
            Assert.Equal((200, FakeProvider.Says), await Router.ChatAsync(MasterKey, "llama-3.3-70b"));
            Assert.NotEmpty(Router[VllmA].Requests.Concat(Router[VllmB].Requests));
            Assert.Equal("gpt-4o-weu", Router.Asked(Azure).Model);
        }
        finally
        {
            Router[VllmA].Script = Router[VllmB].Script = FakeProvider.AnswerAsync;
        }
    }

    [Theory]
    [InlineData("claude-sonnet", Claude, "/v1/messages")]
    [InlineData("mistral-large", Mistral, "/v1/chat/completions")]
    [InlineData("qwen3-coder", VllmB, "/v1/chat/completions")]
    public async Task Responses_are_answered_by_backends_that_have_none(string model, string server, string target)
    {
        var (status, body) = await Router.AskAsync(
            AgentsKey, "v1/responses", new JsonObject { ["model"] = model, ["input"] = "Hello", ["store"] = false });

        Assert.True(status == 200, body.ToJsonString());
        Assert.Equal(FakeProvider.Says, (string?)body["output"]![0]!["content"]![0]!["text"]);
        Assert.Equal(target, Router.Asked(server).Target);
    }

    [Fact]
    public async Task Parameters_and_headers_of_deployments_are_sent()
    {
        await Router.ChatAsync(AgentsKey, "qwen3-coder");
        var body = JsonNode.Parse(Router.Sent(VllmB).Text)!;
        Assert.Equal((0.7, 1.05), ((double?)body["temperature"], (double?)body["repetition_penalty"]));

        await Router.ChatAsync(AgentsKey, "claude-sonnet");
        Assert.Equal("context-1m-2025-08-07", Router.Sent(Claude).Header("anthropic-beta"));
        Assert.Equal(8192, (int?)JsonNode.Parse(Router.Sent(Claude).Text)!["max_tokens"]);
    }
}
