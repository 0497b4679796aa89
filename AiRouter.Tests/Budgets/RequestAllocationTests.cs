using AiRouter.Tests.EndToEnd;

namespace AiRouter.Tests.Budgets;

/// <summary>What whole requests allocate in the process that serves them, from the first byte in to the line in the access log.</summary>
public sealed class RequestAllocationTests(BudgetRouter router) : IClassFixture<BudgetRouter>
{
    private const string Chat = "/v1/chat/completions";
    private const string Prompt =
        "Tell me about the quick brown fox and the lazy dog, and where they went after the story had ended, please, in one sentence.";

    [Fact]
    public Task Chat_stays_in_its_budget() =>
        CheckAsync(AllocationBudgets.Chat, 100, () => router.PostAsync(Chat, Body(Prompt)));

    [Fact]
    public Task Long_chat_stays_in_its_budget()
    {
        var json = Body(string.Concat(Enumerable.Repeat("The quick brown fox\n", 3277)));
        return CheckAsync(AllocationBudgets.LongChat, 50, () => router.PostAsync(Chat, json));
    }

    [Fact]
    public async Task Stream_and_its_chunks_stay_in_their_budgets()
    {
        var few = await router.AllocatedByAsync(20, () => router.StreamAsync(10));
        var many = await router.AllocatedByAsync(2, () => router.StreamAsync(2010));
        var chunk = (many - few) / 2000;

        Check(AllocationBudgets.Chunk, chunk);
        Check(AllocationBudgets.ChatStream, few - (10 * chunk));
    }

    [Theory]
    [InlineData("/v1/responses", "\"input\":\"Hi\"", AllocationBudgets.ResponsesChunk, AllocationBudgets.ResponsesStream)]
    [InlineData(
        "/v1/messages", "\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]", AllocationBudgets.Chunk,
        AllocationBudgets.MessagesStream)]
    public async Task Translated_stream_and_its_chunks_stay_in_their_budgets(string path, string members, long chunkBudget, long streamBudget)
    {
        var json = $$"""{"model":"translated",{{members}},"stream":true}""";
        var few = await router.AllocatedByAsync(20, () => router.StreamAsync(10, path, json));
        var many = await router.AllocatedByAsync(2, () => router.StreamAsync(2010, path, json));
        var chunk = (many - few) / 2000;

        Check(chunkBudget, chunk);
        Check(streamBudget, few - (10 * chunk));
    }

    [Theory]
    [InlineData("/v1/responses", "\"input\":\"Hi [[say:WORDS]][[delay:2]]\"")]
    [InlineData("/v1/messages", "\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"Hi [[say:WORDS]][[delay:2]]\"}]")]
    public async Task Tokens_of_Triton_cost_no_more_for_clients_of_other_dialects(string path, string members)
    {
        var few = await router.AllocatedByAsync(10, () => router.PostAsync(path, Json(10)));
        var many = await router.AllocatedByAsync(2, () => router.PostAsync(path, Json(210)));

        Check(AllocationBudgets.Token, (many - few) / 200);

        string Json(int count) =>
            $$"""{"model":"llm",{{members.Replace("WORDS", string.Join(' ', Enumerable.Repeat("word", count)), StringComparison.Ordinal)}},"stream":true}""";
    }

    [Fact]
    public Task Triton_chat_stays_in_its_budget() =>
        CheckAsync(AllocationBudgets.TritonChat, 50, () => router.PostAsync(Chat, TritonRouter.Chat("[[say:one two three]]", model: "llm")));

    [Fact]
    public async Task Triton_stream_and_its_tokens_stay_in_their_budgets()
    {
        var few = await router.AllocatedByAsync(10, () => router.PostAsync(Chat, Tokens(10)));
        var many = await router.AllocatedByAsync(2, () => router.PostAsync(Chat, Tokens(210)));
        var token = (many - few) / 200;

        Check(AllocationBudgets.Token, token);
        Check(AllocationBudgets.TritonStream, few - (10 * token));
    }

    [Fact]
    public Task Embedding_stays_in_its_budget() => CheckAsync(
        AllocationBudgets.Embedding, 50, () => router.PostAsync("/v1/embeddings", """{"model":"embedder","input":"The quick brown fox"}"""));

    [Fact]
    public Task Wrong_key_stays_in_its_budget() => CheckAsync(
        AllocationBudgets.WrongKey, 100, () => router.PostAsync(Chat, Body(Prompt), status: 401, key: "sk-air-wrong"));

    private async Task CheckAsync(long budget, int rounds, Func<Task> round) => Check(budget, await router.AllocatedByAsync(rounds, round));

    private static void Check(long budget, double allocated)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated:F0} bytes, of {budget}");
        Assert.True(allocated <= budget, $"{allocated:F0} bytes are more than {budget}: see {nameof(AllocationBudgets)}.");
    }

    private static string Body(string prompt) => TritonRouter.Chat(prompt, "\"temperature\":0.7,\"max_tokens\":100");

    // Tokens that come 2 ms apart come alone.
    private static string Tokens(int count) => TritonRouter.Chat(
        $"[[say:{string.Join(' ', Enumerable.Repeat("word", count))}]][[delay:2]]", "\"stream\":true,\"max_tokens\":1000", "llm");
}
