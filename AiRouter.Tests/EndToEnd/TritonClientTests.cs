using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AiRouter.Tests.EndToEnd;

/// <summary>OpenAI's own client for .NET, over the router, over a simulated Triton.</summary>
public sealed class TritonClientTests
{
    [Fact]
    public async Task Chat_is_answered_whole()
    {
        await using var router = await TritonRouter.StartAsync();
        var answer = await Chat(router).CompleteChatAsync(
            [new SystemChatMessage("Be brief."), new UserChatMessage("[[say:Hello 🙂]]")],
            new ChatCompletionOptions { MaxOutputTokenCount = 50, StopSequences = { "never" } },
            TestContext.Current.CancellationToken);

        Assert.Equal("Hello 🙂", answer.Value.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.Value.FinishReason);
        Assert.True(answer.Value.Usage.InputTokenCount > 0);
        Assert.Equal("chat", answer.Value.Model);
    }

    [Fact]
    public async Task Chat_is_streamed_with_usage_at_the_end()
    {
        await using var router = await TritonRouter.StartAsync();
        var text = "";
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in Chat(router).CompleteChatStreamingAsync(
            [new UserChatMessage("[[say:one two three four]]")], new ChatCompletionOptions { MaxOutputTokenCount = 3 },
            TestContext.Current.CancellationToken))
        {
            text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.Equal("one two three", text);
        Assert.Equal(ChatFinishReason.Length, finish);
        Assert.Equal(3, usage?.OutputTokenCount);
    }

    [Fact]
    public async Task Log_probabilities_are_read()
    {
        await using var router = await TritonRouter.StartAsync();
        var answer = await Chat(router, "vllm").CompleteChatAsync(
            [new UserChatMessage("[[say:one two]]")],
            new ChatCompletionOptions { IncludeLogProbabilities = true, TopLogProbabilityCount = 2 },
            TestContext.Current.CancellationToken);

        Assert.Equal(["one", " two"], answer.Value.ContentTokenLogProbabilities.Select(t => t.Token));
        Assert.Equal(2, answer.Value.ContentTokenLogProbabilities[0].TopLogProbabilities.Count);
    }

    [Fact]
    public async Task Embeddings_are_read_in_the_clients_default_encoding()
    {
        await using var router = await TritonRouter.StartAsync();
        var client = new EmbeddingClient("embed", new ApiKeyCredential("sk-x"), Options(router));
        var answer = await client.GenerateEmbeddingsAsync(["one", "two"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, answer.Value.Count);
        Assert.Equal(1, answer.Value[1].ToFloats().ToArray().Sum(f => (double)f * f), 4);
    }

    [Fact]
    public async Task Error_has_its_status_and_message()
    {
        await using var router = await TritonRouter.StartAsync();
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat(router).CompleteChatAsync(
            [new UserChatMessage("x")], new ChatCompletionOptions { MaxOutputTokenCount = 0 }, TestContext.Current.CancellationToken));

        Assert.Equal(400, error.Status);
        Assert.Contains("max_completion_tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_breaks_is_noticed()
    {
        await using var router = await TritonRouter.StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in Chat(router).CompleteChatStreamingAsync(
                [new UserChatMessage("[[say:one two three]][[error-after:2:x]]")], cancellationToken: TestContext.Current.CancellationToken))
            {
                Assert.Null(update.FinishReason);
            }
        });
    }

    private static ChatClient Chat(TritonRouter router, string model = "chat") =>
        new(model, new ApiKeyCredential("sk-x"), Options(router));

    private static OpenAIClientOptions Options(TritonRouter router) => new() { Endpoint = new Uri(router.Router.Root, "/v1") };
}
