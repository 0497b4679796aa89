using static AiRouter.Tests.EndToEnd.ToolModels;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>What a model thinks goes where the configuration says, and is counted where that is possible.</summary>
public sealed class TritonReasoningTests
{
    private const string Answer = "[[say:<think>why not</think>Because it is.]]";
    private const string Models =
        """
          think: { targets: [ { backend: gpu, model: ensemble } ], reasoning: think }
          mixed: { targets: [ { backend: gpu, model: ensemble, stream: always } ], reasoning: think }
          whole: { targets: [ { backend: gpu, model: ensemble, stream: never } ], reasoning: think }
          both: { targets: [ { backend: gpu, model: ensemble } ], reasoning: think, reasoningOutput: both }
          content: { targets: [ { backend: gpu, model: ensemble } ], reasoning: think, reasoningOutput: content }
          off: { targets: [ { backend: gpu, model: ensemble } ], reasoning: none }
          ends: { targets: [ { backend: gpu, model: ensemble } ], reasoning: think, endTokens: ["<|im_end|>"] }
          counted: { targets: [ { backend: gpu, model: ensemble } ], reasoning: think, tokenizer: cl100k_base }
          probable: { targets: [ { backend: gpu, model: vllm_model } ], reasoning: think }
        """;

    [Theory]
    [InlineData("think", false)]
    [InlineData("think", true)]
    [InlineData("mixed", false)]
    [InlineData("whole", true)]
    public async Task Reasoning_is_apart_from_the_content(string model, bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, Stream(stream), model));

        Assert.Equal("why not", message.Reasoning);
        Assert.Equal("Because it is.", message.Content);
        Assert.Equal("stop", message.FinishReason);
        Assert.Null(message.Repeated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_goes_into_both_members_where_the_model_says_so(bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, Stream(stream), "both"));

        Assert.Equal(("why not", "why not", "Because it is."), (message.Reasoning, message.Repeated, message.Content));
    }

    [Theory]
    [InlineData("content", false)]
    [InlineData("content", true)]
    [InlineData("off", false)]
    public async Task Reasoning_stays_in_the_content_with_its_markers(string model, bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, Stream(stream), model));

        Assert.Equal((null, "<think>why not</think>Because it is."), (message.Reasoning, message.Content));
    }

    [Theory]
    [InlineData("think", true)]
    [InlineData("mixed", false)]
    public async Task Tokens_of_the_reasoning_are_counted_where_the_model_streams(string model, bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, Stream(stream), model));

        // "<", "think", ">", "why", " not"; behind them the closing marker (4 tokens) and four of the content.
        Assert.Equal(13, message.Usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(5, ReasoningTokens(message));
    }

    [Fact]
    public async Task Tokens_of_the_reasoning_are_not_guessed()
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, "", "think"));

        Assert.False(message.Usage.TryGetProperty("completion_tokens_details", out _));
    }

    [Fact]
    public async Task Tokens_of_the_reasoning_are_counted_by_the_models_tokenizer()
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, "", "counted"));

        Assert.Equal(2, ReasoningTokens(message));
    }

    [Fact]
    public async Task Answer_without_reasoning_has_none()
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat("[[say:Because.]]", "", "think"));

        Assert.Equal((null, "Because."), (message.Reasoning, message.Content));
        Assert.Equal(0, ReasoningTokens(message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R16_stop_text_in_the_reasoning_is_not_one_and_the_model_is_not_told(bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(
            "[[say:<think>why not</think>so why not]]", Stream(stream, "\"stop\":[\"why\"]"), "think"));

        Assert.Equal(("why not", "so ", "stop"), (message.Reasoning, message.Content, message.FinishReason));
        Assert.Null(router.Sent[0].Input("stop_words"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_token_ends_the_answer_before_anything_is_read_from_it(bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(
            "[[say:<think>a</think>b<|im_end|>c]]", Stream(stream, "\"stop\":[\"b<\"]"), "ends"));

        Assert.Equal(("a", "b", "stop"), (message.Reasoning, message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_limit_in_the_middle_of_the_reasoning_is_told(bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, Stream(stream, "\"max_tokens\":4"), "think"));

        Assert.Equal(("why", "", "length"), (message.Reasoning, message.Content, message.FinishReason));
        Assert.Equal(4, ReasoningTokens(message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R13_every_choice_has_its_own_reasoning(bool stream)
    {
        await using var router = await StartAsync(Models);
        var body = (await router.RawAsync(Operation, Chat(Answer, Stream(stream, "\"n\":2"), "think"))).Body;

        Assert.All([0, 1], i => Assert.Equal(
            ("why not", "Because it is."), (ReadMessage.From(body, i).Reasoning, ReadMessage.From(body, i).Content)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_probabilities_are_those_of_the_content(bool stream)
    {
        await using var router = await StartAsync(Models);
        var message = await AnswerAsync(router, Chat(Answer, Stream(stream, "\"logprobs\":true"), "probable"));

        Assert.Equal("Because it is.", string.Concat(message.Tokens));
    }

    private static int ReasoningTokens(ReadMessage message) =>
        message.Usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32();

    private static string Stream(bool stream, string members = "") => string.Join(", ", new[]
    {
        stream ? "\"stream\":true, \"stream_options\":{\"include_usage\":true}" : "", members,
    }.Where(m => m.Length > 0));
}
