using System.Globalization;

namespace AiRouter.Tests.Admission;

/// <summary>Ways for a request to come to more than its messages and its token limit tell: all of them are reserved, or refused (R45).</summary>
public sealed class UpperBoundTests
{
    private const long Limit = 10_000_000;
    private const string Tokens = "limits: { tokensPerMinute: 10000000 }";

    private static readonly string Long = new('x', 5000);

    [Theory]
    [InlineData("completions", """{"prompt":"a","suffix":"LONG","max_tokens":10}""", 5000)]
    [InlineData("completions", """{"prompt":["a","b","c"],"suffix":"LONG","max_tokens":10}""", 15_000)]
    [InlineData("embeddings", """{"input":"x","messages":[{"role":"user","content":"LONG"}]}""", 5000)]
    [InlineData("embeddings", """{"input":"x","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.example/b"}}]}]}""", 2000)]
    [InlineData("embeddings", """{"input":["a","b"],"instruction":"LONG"}""", 10_000)]
    public async Task Text_beside_the_prompt_counts(string path, string members, int least)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync(
            path, Body(members.Replace("LONG", Long, StringComparison.Ordinal)));

        Assert.Equal("", response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.InRange(Reserved(response), least, least + 500);
    }

    [Theory]
    [InlineData("responses", """{"input":[{"type":"item_reference","id":"rs_1"}]}""", "input")]
    [InlineData("responses", """{"input":[{"id":"rs_1","type":"item_reference"}]}""", "input")]
    [InlineData("responses", """{"input":[{"role":"user","content":"x"},{"id":"rs_1"}]}""", "input")]
    [InlineData("responses", """{"input":[{"id":"rs_1","type":null}]}""", "input")]
    [InlineData("chat/completions", """{"messages":[{"role":"assistant","audio":{"id":"audio_1"}}]}""", "audio")]
    [InlineData("chat/completions", """{"messages":[{"role":"user","content":"x"}],"chat_template":"{{ x }}"}""", "chat_template")]
    public async Task Input_that_is_not_in_the_request_is_refused(string path, string members, string param)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync(path, Body(members));

        Assert.Contains($"\"param\":\"{param}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(limited.Upstream.Requests);
    }

    [Theory]
    [InlineData("responses", """{"input":[{"id":"fc_1","type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}""")]
    [InlineData("responses", """{"input":[{"id":"m_1","role":"assistant","content":"x"}]}""")]
    [InlineData("chat/completions", """{"messages":[{"role":"assistant","content":"x","audio":null}],"chat_template":null}""")]
    public async Task Input_that_is_there_is_not(string path, string members)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.Router.PostAsync(path, Body(members));

        Assert.Single(limited.Upstream.Requests);
    }

    [Theory]
    [InlineData("\"max_tokens\":5,\"n_predict\":7000", 7000)]
    [InlineData("\"n_predict\":10", 1024)]
    [InlineData("\"max_tokens\":5,\"max_new_tokens\":7000", 7000)]
    public async Task Other_names_of_a_token_limit_count(string members, int output)
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.GoodAsync(members);

        Assert.Equal(output + LimitedRouter.Chat(members).Length + 256, Reserved(response));
    }

    [Fact]
    public async Task Other_name_that_limits_nothing_is_refused()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens);
        using var response = await limited.ChatAsync("\"max_tokens\":5,\"n_predict\":-1");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(limited.Upstream.Requests);
    }

    [Theory]
    [InlineData("responses/compact", """{"model":"public-model","input":"x"}""", "")]
    [InlineData("completions", """{"model":"public-model","prompt":"x","max_tokens":10}""", "parameters: { drop: [max_tokens] }")]
    public async Task Answer_that_nothing_limits_needs_a_model_that_says_what_it_makes(string path, string body, string model)
    {
        await using var open = await LimitedRouter.StartAsync(key: Tokens, model: model);
        using var refused = await open.Router.PostAsync(path, body);
        await using var bounded = await LimitedRouter.StartAsync(
            key: Tokens, model: (model.Length > 0 ? model + ", " : "") + "maxTokens: { max: 3000 }");
        using var answered = await bounded.Router.PostAsync(path, body);

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Empty(open.Upstream.Requests);
        Assert.InRange(Reserved(answered), 3000, 3400);
    }

    [Fact]
    public async Task Tools_that_must_not_be_called_count_all_the_same()
    {
        await using var limited = await LimitedRouter.StartAsync(key: Tokens, model: "tokenizer: o200k_base, promptFormat: chatml");
        var tools = string.Join(',', Enumerable.Range(0, 50).Select(
            i => """{"type":"function","function":{"name":"fN","parameters":{}}}""".Replace("N", $"{i}", StringComparison.Ordinal)));
        using var response = await limited.GoodAsync($"\"max_tokens\":10,\"tools\":[{tools}],\"tool_choice\":\"none\"");

        Assert.True(Reserved(response) > tools.Length, $"{Reserved(response)} of {tools.Length}");
    }

    private static string Body(string members) => """{"model":"public-model",""" + members[1..];

    private static long Reserved(HttpResponseMessage response) => Limit - long.Parse(
        response.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), CultureInfo.InvariantCulture);
}
