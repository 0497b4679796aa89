using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Routing;

/// <summary>R9 and R13 hold for every kind of backend.</summary>
public sealed class ModelLimitTests
{
    [Theory]
    [InlineData("chat/completions", "\"messages\":[{}],\"max_tokens\":101", "max_tokens")]
    [InlineData("chat/completions", "\"messages\":[{}],\"max_completion_tokens\":1e400", "max_completion_tokens")]
    [InlineData("completions", "\"prompt\":\"x\",\"max_tokens\":101", "max_tokens")]
    [InlineData("responses", "\"input\":\"x\",\"max_output_tokens\":101", "max_output_tokens")]
    [InlineData("chat/completions", "\"messages\":[{}],\"n\":3", "n")]
    [InlineData("completions", "\"prompt\":\"x\",\"n\":3", "n")]
    public async Task More_than_the_model_allows_is_400_that_names_it(string path, string members, string param)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);

        using var response = await router.PostAsync(path, $"{{\"model\":\"public-model\",{members}}}");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(
            $"\"param\":\"{param}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("chat/completions", "\"messages\":[{}]", "\"max_completion_tokens\":50,")]
    [InlineData("chat/completions", "\"messages\":[{}],\"max_tokens\":null", "\"max_completion_tokens\":50,")]
    [InlineData("chat/completions", "\"messages\":[{}],\"max_tokens\":100,\"n\":2", "")]
    [InlineData("completions", "\"prompt\":\"x\"", "\"max_tokens\":50,")]
    [InlineData("responses", "\"input\":\"x\"", "\"max_output_tokens\":50,")]
    [InlineData("embeddings", "\"input\":\"x\"", "")]
    public async Task R9_models_default_is_sent_where_the_request_names_no_limit(string path, string members, string added)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);

        using var response = await router.PostAsync(path, $"{{\"model\":\"public-model\",{members}}}");

        Assert.Equal($"{{{added}\"model\":\"backend-model\",{members}}}", upstream.Request.Text);
    }

    private static Task<RunningRouter> StartAsync(ScriptedUpstream upstream) => RunningRouter.StartAsync(
        upstream, model: m => m with { MaxTokens = new TokenLimitConfig { Default = 50, Max = 100 }, MaxN = 2 });
}
