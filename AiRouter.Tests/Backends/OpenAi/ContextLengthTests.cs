using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>
/// Exact counts of requests that pass through: too long ones are refused (R17), others go on byte for byte, and usage that the
/// backend does not tell is counted (R28).
/// </summary>
public sealed class ContextLengthTests
{
    private const string Chat = """{"model":"public-model","messages":[{"role":"user","content":"one two three"}]}""";

    // The format "none" makes the message itself the prompt: "one two three" has 3 tokens of cl100k_base.
    private static readonly Func<ModelConfig, ModelConfig> Counted =
        model => model with { Tokenizer = "cl100k_base", PromptFormat = "none" };

    [Theory]
    [InlineData("chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"one two three four five six\"}]", "messages",
        "This model's maximum context length is 5 tokens. However, your messages resulted in 6 tokens. " +
        "Please reduce the length of the messages.")]
    [InlineData("chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"one\"}],\"max_tokens\":7", "messages",
        "This model's maximum context length is 5 tokens. However, you requested 8 tokens " +
        "(1 in the messages, 7 in the completion). Please reduce the length of the messages or completion.")]
    [InlineData("completions", "\"prompt\":\"one two three four five six\"", "prompt",
        "This model's maximum context length is 5 tokens. However, your prompt resulted in 6 tokens. " +
        "Please reduce the length of the prompt.")]
    [InlineData("completions", "\"prompt\":[[1,2,3,4,5,6],[1]]", "prompt[0]",
        "This model's maximum context length is 5 tokens. However, your prompt resulted in 6 tokens. " +
        "Please reduce the length of the prompt.")]
    [InlineData("embeddings", "\"input\":[\"one\",\"one two three four five six\"]", "input[1]",
        "This model's maximum context length is 5 tokens. However, your input resulted in 6 tokens. " +
        "Please reduce the length of the input.")]
    public async Task R17_what_is_too_long_is_refused_before_the_backend_is_asked(
        string path, string members, string param, string message)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream, model: model => Counted(model) with { ContextLength = 5 });

        using var response = await router.PostAsync(path, $$"""{"model":"public-model",{{members}}}""");
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .RootElement.GetProperty("error");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(message, error.GetProperty("message").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}""", "")]
    [InlineData("""{"role":"user","content":"one two three"}""", ",\"chat_template\":\"x\"")]
    [InlineData("""{"role":"user","content":"one two three"}""", ",\"truncate_prompt_tokens\":4")]
    [InlineData("""{"odd":1}""", "")]
    public async Task R17_what_cannot_be_counted_exactly_is_the_backends_to_judge(string message, string members)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer("hi", usage: true));
        await using var router = await RunningRouter.StartAsync(
            upstream, model: model => Counted(model) with { ContextLength = 2 });
        var json = $$"""{"model":"public-model","messages":[{{message}}]{{members}}}""";

        using var response = await router.PostAsync("chat/completions", json);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(json.Replace("public-model", "backend-model", StringComparison.Ordinal), upstream.Request.Text);
    }

    [Fact]
    public async Task R17_chat_is_not_counted_without_a_prompt_format_of_the_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer("hi", usage: true));
        await using var router = await RunningRouter.StartAsync(
            upstream, model: model => model with { Tokenizer = "cl100k_base", ContextLength = 1 });

        using var response = await router.PostAsync("chat/completions", Chat);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task R9_what_fits_gets_the_room_that_is_left_and_else_goes_on_byte_for_byte()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer("hi", usage: true));
        await using var router = await RunningRouter.StartAsync(
            upstream, model: model => Counted(model) with { ContextLength = 100 });

        using var response = await router.PostAsync("chat/completions", Chat);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            Chat.Replace("{\"model\":\"public-model\"", "{\"max_completion_tokens\":97,\"model\":\"backend-model\"", StringComparison.Ordinal),
            upstream.Request.Text);
    }

    [Theory]
    [InlineData("max_completion_tokens", "max_tokens", null, "max_tokens")]
    [InlineData(null, null, "max_completion_tokens", "max_tokens")]
    [InlineData("max_completion_tokens", "n_predict", null, "n_predict")]
    public async Task R9_the_limit_has_the_name_that_the_configuration_gives_it(string? from, string? to, string? dropped, string name)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer("hi", usage: true));
        await using var router = await RunningRouter.StartAsync(
            upstream,
            model: model => Counted(model) with
            {
                ContextLength = 100,
                Parameters = new ParametersConfig
                {
                    Rename = from is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [from] = to! },
                    Drop = dropped is null ? [] : [dropped],
                },
            });

        using var response = await router.PostAsync("chat/completions", Chat);

        Assert.Equal(
            Chat.Replace("{\"model\":\"public-model\"", $"{{\"{name}\":97,\"model\":\"backend-model\"", StringComparison.Ordinal),
            upstream.Request.Text);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_passes_and_leaves_an_estimate()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            $"data: {Chunk("a\\ud83d", "null")}\n\n", $"data: {Chunk(" b", "\"stop\"")}\n\ndata: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { StreamUsage = false }, model: Counted);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions",
            Chat[..^1] + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

        Assert.Contains("a\\ud83d", response.Body, StringComparison.Ordinal);
        Assert.Contains("\"estimated\":true", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_passes_unchanged_where_there_is_no_limit()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer("hi", usage: true));
        await using var router = await RunningRouter.StartAsync(upstream, model: Counted);

        using var response = await router.PostAsync("chat/completions", Chat);

        Assert.Equal(Chat.Replace("public-model", "backend-model", StringComparison.Ordinal), upstream.Request.Text);
    }

    [Fact]
    public async Task R28_usage_of_a_stream_that_the_backend_does_not_tell_is_counted_and_not_marked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            $"data: {Chunk("one two", "null")}\n\n", $"data: {Chunk(" three", "\"stop\"")}\n\ndata: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { StreamUsage = false }, model: Counted);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions",
            Chat[..^1] + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

        Assert.Null(response.Header("x-airouter-usage"));
        Assert.EndsWith(
            "\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":3,\"total_tokens\":6}}\n\ndata: [DONE]\n\n",
            response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R28_tool_calls_have_no_exact_count_and_are_marked()
    {
        var call = """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}""";
        await using var upstream = await ScriptedUpstream.StartAsync(script => script.EventsAsync(
            $$"""data: {"id":"c","created":1,"model":"m","choices":[{{call}}]}""" + "\n\ndata: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { StreamUsage = false }, model: Counted);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions",
            Chat[..^1] + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

        Assert.Contains("\"prompt_tokens\":3,", response.Body, StringComparison.Ordinal);
        Assert.Contains("\"estimated\":true", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R28_usage_of_an_answer_that_is_put_together_is_counted_and_not_marked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            $"data: {Chunk("one two three", "\"stop\"")}\n\ndata: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { StreamUsage = false }, target => target with { Stream = TargetStream.Always }, Counted);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Chat);

        Assert.Null(response.Header("x-airouter-usage"));
        Assert.Contains("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":3,\"total_tokens\":6}", response.Body, StringComparison.Ordinal);
    }

    private static string Chunk(string content, string finish) =>
        $$"""{"id":"c","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{content}}"},"finish_reason":{{finish}}}]}""";

    private static string Answer(string content, bool usage) =>
        $$"""{"id":"c","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{content}}"},"finish_reason":"stop"}]""" +
        (usage ? ""","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""" : "}");
}
