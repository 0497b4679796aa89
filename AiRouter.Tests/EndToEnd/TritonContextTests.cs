using System.Text;
using System.Text.Json;
using AiRouter.Tests.Prompting.Tokens;
using AiRouter.TritonSimulator;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Exact counts on Triton: what does not fit is refused in advance (R17), limits (R9) and usage come from them.</summary>
public sealed class TritonContextTests
{
    private const string Models =
        """
          held: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base, contextLength: 20 }
          short: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base, maxInputTokens: 8 }
          roomy: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base, contextLength: 9000 }
          default: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base, contextLength: 20, maxTokens: { default: 16 } }
          capped: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base, contextLength: 9000, maxTokens: { max: 50 } }
          counted: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base }
          blind: { targets: [ { backend: gpu, model: ensemble } ], contextLength: 5, maxInputTokens: 5 }
          vectors: { targets: [ { backend: gpu, model: bge } ], tokenizer: cl100k_base, maxInputTokens: 4 }
          vectors-counted: { targets: [ { backend: gpu, model: bge } ], tokenizer: cl100k_base }
        """;

    // "User: one two three\nASSISTANT:" has 10 tokens of cl100k_base.
    private const string Words = "one two three";

    private const string LongWords = $"{Words} {Words} {Words} {Words} {Words}";

    [Theory]
    [InlineData("held", "\"max_tokens\":11",
        "This model's maximum context length is 20 tokens. However, you requested 21 tokens " +
        "(10 in the messages, 11 in the completion). Please reduce the length of the messages or completion.")]
    [InlineData("held", "\"max_completion_tokens\":2000000000",
        "This model's maximum context length is 20 tokens. However, you requested 2000000010 tokens " +
        "(10 in the messages, 2000000000 in the completion). Please reduce the length of the messages or completion.")]
    [InlineData("short", "",
        "This model's maximum input length is 8 tokens. However, your messages resulted in 10 tokens. " +
        "Please reduce the length of the messages.")]
    public async Task R17_chat_that_is_too_long_is_refused_with_the_numbers(string model, string members, string message)
    {
        await using var router = await StartAsync(Models);
        var error = await router.ErrorAsync("chat/completions", Chat(Words, members, model));

        Assert.Equal((400, message, "messages", "context_length_exceeded"), error);
        Assert.Empty(router.Sent);
    }

    [Fact]
    public async Task R17_messages_that_leave_no_room_are_refused()
    {
        await using var router = await StartAsync(Models);
        var error = await router.ErrorAsync("chat/completions", Chat(LongWords, "", "held"));

        Assert.Equal(400, error.Status);
        Assert.Equal(
            "This model's maximum context length is 20 tokens. However, your messages resulted in " +
            $"{CountOf($"User: {LongWords}\nASSISTANT:")} tokens. Please reduce the length of the messages.",
            error.Message);
    }

    [Fact]
    public async Task R17_a_request_that_just_fits_is_answered()
    {
        await using var router = await StartAsync(Models);

        await router.JsonAsync("chat/completions", Chat(Words, "\"max_tokens\":10", "held"));

        Assert.Equal(10L, LimitOf(router));
    }

    [Theory]
    [InlineData("\"one two three four five six seven eight nine\"", "prompt",
        "This model's maximum input length is 8 tokens. However, your prompt resulted in 9 tokens. " +
        "Please reduce the length of the prompt.")]
    [InlineData("[\"one\",\"one two three four five six seven eight nine\"]", "prompt[1]",
        "This model's maximum input length is 8 tokens. However, your prompt resulted in 9 tokens. " +
        "Please reduce the length of the prompt.")]
    public async Task R17_a_completion_that_is_too_long_is_refused(string prompt, string param, string message)
    {
        await using var router = await StartAsync(Models);
        var error = await router.ErrorAsync("completions", $$"""{"model":"short","prompt":{{prompt}}}""");

        Assert.Equal((400, message, param, "context_length_exceeded"), error);
        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("\"one two three four five\"", "input")]
    [InlineData("[\"one\",\"one two three four five\"]", "input[1]")]
    public async Task R17_an_input_of_embeddings_that_is_too_long_is_refused(string input, string param)
    {
        await using var router = await StartAsync(Models);
        var error = await router.ErrorAsync("embeddings", $$"""{"model":"vectors","input":{{input}}}""");

        Assert.Equal(
            (400, "This model's maximum input length is 4 tokens. However, your input resulted in 5 tokens. " +
                "Please reduce the length of the input.", param, "context_length_exceeded"), error);
        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("roomy", 8990)]
    [InlineData("held", 10)]
    [InlineData("default", 10)]
    [InlineData("capped", 50)]
    [InlineData("counted", 1024)]
    public async Task R9_a_request_without_a_limit_gets_the_room_that_is_left(string model, long limit)
    {
        await using var router = await StartAsync(Models);

        await router.JsonAsync("chat/completions", Chat(Words, "", model));

        Assert.Equal(limit, LimitOf(router));
    }

    [Fact]
    public async Task R17_without_a_tokenizer_the_backend_decides_and_its_error_has_the_numbers()
    {
        await using var router = await StartAsync(Models, options: new SimulatorOptions { MaxInputTokens = 3 });
        var error = await router.ErrorAsync("chat/completions", Chat(Words, "", "blind"));

        Assert.Equal(400, error.Status);
        Assert.Equal("context_length_exceeded", error.Code);
        Assert.Matches(
            "^This model's maximum input length is 3 tokens\\. However, your request has [0-9]+ tokens\\. " +
            "Please reduce the length of the prompt\\.$", error.Message);
        Assert.NotEmpty(router.Sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Usage_is_the_tokenizers_and_not_marked_where_the_model_does_not_count(bool stream)
    {
        await using var router = await StartAsync(Models, options: new SimulatorOptions { Release = "v0.8.0" });
        var response = await router.RawAsync("chat/completions", Chat(
            "[[say:un deux trois]]", stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "", "counted"));
        var usage = stream
            ? Events.Parse(response.Body)[^1].GetProperty("usage")
            : JsonDocument.Parse(response.Body).RootElement.GetProperty("usage");

        Assert.Null(response.Header("x-airouter-usage"));
        Assert.False(usage.TryGetProperty("estimated", out _));
        Assert.Equal(CountOf("User: [[say:un deux trois]]\nASSISTANT:"), usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(CountOf("un deux trois"), usage.GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Usage_of_embeddings_is_the_tokenizers_and_not_marked()
    {
        await using var router = await StartAsync(Models);
        var response = await router.RawAsync("embeddings", """{"model":"vectors-counted","input":["one two","three"]}""");

        Assert.Null(response.Header("x-airouter-usage"));
        Assert.EndsWith("\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}", response.Body.TrimEnd());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prompt_tokens_are_those_of_the_backends_preprocessing_where_nobody_else_counts(bool stream)
    {
        var request = Chat("[[say:un]]", stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "");
        await using var counting = await StartAsync();
        await using var router = await StartAsync(options: new SimulatorOptions { Release = "v0.8.0" });

        var expected = await UsageAsync(counting, request, stream);
        var usage = await UsageAsync(router, request, stream);

        Assert.False(expected.TryGetProperty("estimated", out _));
        Assert.Equal(expected.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens").GetInt32());
        Assert.True(usage.GetProperty("estimated").GetBoolean());
    }

    private static async Task<JsonElement> UsageAsync(TritonRouter router, string request, bool stream)
    {
        var response = await router.RawAsync("chat/completions", request);
        return stream
            ? Events.Parse(response.Body)[^1].GetProperty("usage")
            : JsonDocument.Parse(response.Body).RootElement.GetProperty("usage");
    }

    private static int CountOf(string text) =>
        TokenizerFiles.Load("cl100k_base").Count(Encoding.UTF8.GetBytes(text), addSpecialTokens: false);

    private static long LimitOf(TritonRouter router) => Convert.ToInt64(router.Sent[^1].Input("max_tokens")!.Values[0]);
}
