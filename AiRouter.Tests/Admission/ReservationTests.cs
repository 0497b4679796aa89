using System.Globalization;
using System.Text.Json;

namespace AiRouter.Tests.Admission;

/// <summary>What is reserved for a request, and the token limit that the backend gets so that it is the most (R32).</summary>
public sealed class ReservationTests
{
    private const long Limit = 10_000_000;
    private const string Tokens = "limits: { tokensPerMinute: 10000000 }";

    [Theory]
    [InlineData("chat/completions", """{"model":"public-model","messages":[{"role":"user","content":"hi"}]}""", "max_completion_tokens", 1024)]
    [InlineData("completions", """{"model":"public-model","prompt":"hi"}""", "max_tokens", 1024)]
    [InlineData("responses", """{"model":"public-model","input":"hi"}""", "max_output_tokens", 1024)]
    public async Task Request_without_a_limit_is_sent_one(string path, string body, string name, int value)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync(path, body);

        Assert.Equal(value, JsonDocument.Parse(limited.Upstream.Request.Body).RootElement.GetProperty(name).GetInt32());
    }

    [Fact]
    public async Task Default_is_no_more_than_the_most()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, model: "maxTokens: { max: 300 }");
        using var response = await limited.GoodAsync();

        Assert.Contains("\"max_completion_tokens\":300", limited.Upstream.Request.Text);
    }

    [Fact]
    public async Task Without_limits_nothing_is_added()
    {
        await using var limited = await LimitedRouter.StartAsync(key: "limits: { requestsPerMinute: 5 }");
        using var response = await limited.GoodAsync();

        Assert.DoesNotContain("max", limited.Upstream.Request.Text);
    }

    // Each: members of the request, how often the token limit counts, and what the input comes to beside the body's bytes.
    [Theory]
    [InlineData("\"max_tokens\":100", 100)]
    [InlineData("\"max_completion_tokens\":100", 100)]
    [InlineData("\"max_completion_tokens\":100,\"max_tokens\":700", 700)]
    [InlineData("\"max_tokens\":100,\"n\":3", 300)]
    [InlineData("\"max_tokens\":100,\"n\":2,\"best_of\":4", 400)]
    [InlineData("\"max_tokens\":null", 1024)]
    public async Task Output_is_the_limit_times_what_is_generated(string members, int output)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.GoodAsync(members);

        Assert.Equal(output + LimitedRouter.Chat(members).Length + 256, Reserved(response));
    }

    [Theory]
    [InlineData("\"prompt\":\"abcd\",\"max_tokens\":10", 10 + 6)]
    [InlineData("\"prompt\":[\"abcd\",\"ef\"],\"max_tokens\":10", 20 + 10)]
    [InlineData("\"prompt\":[101,102,103],\"max_tokens\":10", 10 + 3)]
    [InlineData("\"prompt\":[[101,102],[103]],\"max_tokens\":10,\"n\":2", 40 + 3)]
    public async Task Completions_count_each_prompt(string members, int tokens)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync("completions", $$"""{"model":"public-model",{{members}}}""");

        Assert.Equal(tokens, Reserved(response));
    }

    [Theory]
    [InlineData("\"input\":\"abcd\"", 6)]
    [InlineData("\"input\":[\"abcd\",\"ef\"]", 10)]
    [InlineData("\"input\":[101,102,103]", 3)]
    [InlineData("\"input\":[[101,102],[103]]", 3)]
    public async Task Embeddings_have_input_only(string members, int tokens)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync("embeddings", $$"""{"model":"public-model",{{members}}}""");

        Assert.Equal(tokens, Reserved(response));
    }

    [Fact]
    public async Task Images_and_audio_count_by_their_figures_and_not_by_their_bytes()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, rest: "limits: { imageTokens: 700, audioTokens: 900 }");
        var data = new string('A', 100_000);
        var body =
            $$$"""
            {"model":"public-model","max_tokens":10,"messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"detail":"low","url":"data:image/png;base64,{{{data}}}"}},
              {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
              {"type":"input_audio","input_audio":{"data":"{{{data}}}","format":"wav"}}]}]}
            """;
        using var response = await limited.Router.PostAsync("chat/completions", body);

        var embedded = data.Length + "data:image/png;base64,".Length + data.Length;
        Assert.Equal(10 + 700 + 700 + 900 + body.Length - embedded + 256, Reserved(response));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"data:image/png;base64,TEXT"}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"data:image/png;base64,TEXT"}]}""")]
    [InlineData("""{"role":"user","content":"x","image_url":{"url":"data:TEXT"}}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x","other":{"image_url":{"url":"data:TEXT"}}}]}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"arguments":{"image_url":{"url":"data:TEXT"}}}}]}""")]
    public async Task Text_is_not_made_an_image_by_its_name(string message)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        message = message.Replace("TEXT", new string('A', 10_000), StringComparison.Ordinal);
        var body = """{"model":"public-model","max_tokens":10,"messages":[""" + message + "]}";
        using var response = await limited.Router.PostAsync("chat/completions", body);

        Assert.True(Reserved(response) >= 10_000);
    }

    [Fact]
    public async Task Input_is_no_more_than_the_model_takes()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, model: "maxInputTokens: 500");
        using var response = await limited.GoodAsync("\"max_tokens\":10", new string('x', 5000));

        Assert.Equal(510, Reserved(response));
    }

    [Fact]
    public async Task Tokenizer_counts_exactly()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, model: "tokenizer: o200k_base");
        using var response = await limited.Router.PostAsync(
            "completions", """{"model":"public-model","prompt":"Hello world","max_tokens":10}""");

        Assert.Equal(10 + 2, Reserved(response));
    }

    [Fact]
    public async Task Changed_parameters_count_as_they_are_sent()
    {
        await using var limited = await LimitedRouter.StartAsync(
            key: Tokens, model: "parameters: { rename: { max_tokens: max_completion_tokens }, force: { n: 2 } }");
        var body = LimitedRouter.Chat("\"max_tokens\":100");
        using var response = await limited.GoodAsync("\"max_tokens\":100");

        Assert.Equal(200 + body.Length + 256, Reserved(response));
    }

    [Theory]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_tokens\":-1", "max_tokens")]
    [InlineData("\"max_tokens\":\"many\"", "max_tokens")]
    [InlineData("\"max_tokens\":1.5", "max_tokens")]
    public async Task Token_limit_that_limits_nothing_is_refused(string members, string param)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.ChatAsync(members);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"\"param\":\"{param}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("responses", """{"model":"public-model","input":"x","previous_response_id":null,"conversation":"c1"}""", "conversation")]
    [InlineData("responses", """{"model":"public-model","input":"x","tools":[{"type":"web_search"}]}""", "tools")]
    [InlineData("responses", """{"model":"public-model","input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]}""", "file_id")]
    [InlineData("chat/completions", """{"model":"public-model","messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":"u"}}]}]}""", "video_url")]
    public async Task Input_from_elsewhere_needs_a_model_that_says_what_it_takes(string path, string body, string param)
    {
        await using var open = await LimitedRouter.StartAsync(key: Tokens);
        using var refused = await open.Router.PostAsync(path, body);
        await using var bounded = await LimitedRouter.StartAsync(key: Tokens, model: "contextLength: 4000");
        using var answered = await bounded.Router.PostAsync(path, body);

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains($"\"param\":\"{param}\"", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4000 + 1024, Reserved(answered));
    }

    [Fact]
    public async Task Answer_made_in_the_background_cannot_be_counted()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync("responses", """{"model":"public-model","input":"x","background":true}""");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(limited.Upstream.Requests);
    }

    [Theory]
    [InlineData("images/generations", """{"model":"public-model","prompt":"a cat","n":3}""", 7 + (3 * 2000))]
    [InlineData("rerank", """{"model":"public-model","query":"abc","documents":["d1","d2"]}""", 14 + 5 + 11 + ((14 + 5) * 2))]
    public async Task Other_operations_have_bounds_of_their_own(string path, string body, int tokens)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync(path, body);

        Assert.Equal(tokens, Reserved(response));
    }

    private static long Reserved(HttpResponseMessage response) => Limit - long.Parse(
        response.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), CultureInfo.InvariantCulture);
}
