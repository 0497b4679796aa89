using System.Text.Json.Nodes;
using static AiRouter.Tests.Commands.Import.Served.BifrostPlatform;

namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>Bifrost's clients keep their virtual keys, and ask for <c>provider/model</c> as they did.</summary>
public sealed class BifrostPlatformTests(BifrostPlatform platform) : IClassFixture<BifrostPlatform>
{
    private const string ChatKey = "sk-bf-secret-of-the-sample-chat-0011223344";
    private const string AgentsKey = "sk-bf-secret-of-the-sample-agents-55667788";

    private ServedImport Router => platform.Router;

    [Theory]
    [InlineData(ChatKey, "openai/gpt-4o-mini", OpenAi, "/v1/chat/completions", "gpt-4o-mini", "Bearer value-of-AIROUTER_SECRET_OPENAI")]
    [InlineData(
        AgentsKey, "anthropic/claude-sonnet-4-5", Claude, "/v1/messages", "claude-sonnet-4-5", "value-of-AIROUTER_SECRET_ANTHROPIC")]
    [InlineData(
        AgentsKey, "claude-on-prem/house-sonnet", OnPrem, "/v1/messages", "house-sonnet", "value-of-AIROUTER_SECRET_CLAUDE_ON_PREM")]
    [InlineData(
        AgentsKey, "mistral/mistral-large-latest", Mistral, "/v1/chat/completions", "mistral-large-latest",
        "Bearer value-of-AIROUTER_SECRET_MISTRAL")]
    public async Task Virtual_key_chats_with_the_models_of_its_providers(
        string key, string model, string server, string target, string asked, string credential)
    {
        Assert.Equal((200, FakeProvider.Says), await Router.ChatAsync(key, model));
        Assert.Equal((target, asked, credential), Router.Asked(server));
    }

    [Theory]
    [InlineData(ChatKey, "anthropic/claude-sonnet-4-5")]
    [InlineData(AgentsKey, "openai/gpt-4o")]
    public async Task Models_of_other_providers_are_closed(string key, string model)
    {
        var (status, _) = await Router.ChatAsync(key, model);

        Assert.InRange(status, 403, 404);
    }

    [Fact]
    public async Task Keys_that_are_switched_off_or_unknown_open_nothing()
    {
        var (disabled, _) = await Router.ChatAsync("sk-bf-secret-of-the-sample-pilot-99aabbcc", "openai/gpt-4o");
        var (unknown, _) = await Router.ChatAsync("sk-bf-nobody", "openai/gpt-4o");

        Assert.Equal((401, 401), (disabled, unknown));
    }

    [Fact]
    public async Task Key_with_a_budget_is_refused_what_has_no_price()
    {
        var (status, message) = await Router.ChatAsync(DeveloperKey, "openai/gpt-4o-mini");

        Assert.Equal(403, status);
        Assert.Contains("price", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai/text-embedding-3-small", OpenAi, "text-embedding-3-small")]
    [InlineData("ollama/nomic-embed-text", Ollama, "nomic-embed-text")]
    public async Task Embeddings_are_made(string model, string server, string asked)
    {
        Assert.Equal((200, 2), await Router.EmbedAsync(ChatKey, model));
        Assert.Equal(asked, Router.Asked(server).Model);
    }

    [Fact]
    public async Task Another_key_of_the_provider_answers_when_one_fails()
    {
        Router[AzureWest].Script = static call => call.JsonAsync("""{"error":{"message":"busy"}}""", 503);
        try
        {
            Assert.Equal((200, FakeProvider.Says), await Router.ChatAsync(ChatKey, "azure/gpt-4.1"));
            Assert.Equal(
                ("/openai/v1/chat/completions", "gpt-41-swc", "Bearer value-of-AIROUTER_SECRET_AZURE_KEY_SWC"), Router.Asked(AzureSweden));
        }
        finally
        {
            Router[AzureWest].Script = FakeProvider.AnswerAsync;
        }
    }

    [Fact]
    public async Task Path_of_ones_own_is_asked()
    {
        var (status, _) = await Router.AskAsync(
            ChatKey,
            "v1/rerank",
            new JsonObject { ["model"] = "reranker/bge-reranker-v2-m3", ["query"] = "a", ["documents"] = new JsonArray("b") });

        Assert.Equal(200, status);
        Assert.Equal("/api/v2/rerank", Router.Asked(Reranker).Target);
    }

    [Theory]
    [InlineData("anthropic/claude-haiku-4-5", Claude, "/v1/messages")]
    [InlineData("mistral/mistral-large-latest", Mistral, "/v1/chat/completions")]
    public async Task Responses_are_answered_by_backends_that_have_none(string model, string server, string target)
    {
        var (status, body) = await Router.AskAsync(
            AgentsKey, "v1/responses", new JsonObject { ["model"] = model, ["input"] = "Hello", ["store"] = false });

        Assert.True(status == 200, body.ToJsonString());
        Assert.Equal(target, Router.Asked(server).Target);
    }
}
