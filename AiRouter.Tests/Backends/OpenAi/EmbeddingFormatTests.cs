using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary><c>openai-api.md</c> §2.5: base64 when numbers were asked for breaks clients; the reverse does not.</summary>
public sealed class EmbeddingFormatTests
{
    private const string Base64 = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAL8="},{"embedding":"","index":1}],"model":"backend-model","usage":{"prompt_tokens":1}}""";
    private const string Numbers = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,-0.5]},{"embedding":[],"index":1}],"model":"public-model","usage":{"prompt_tokens":1}}""";

    [Theory]
    [InlineData("", Base64, Numbers)]
    [InlineData(",\"encoding_format\":null", Base64, Numbers)]
    [InlineData(",\"encoding_format\":\"float\"", Base64, Numbers)]
    [InlineData(",\"encoding_format\":\"base64\"", Base64, Base64)]
    [InlineData(",\"encoding_format\":\"base64\"", Numbers, Numbers)]
    [InlineData("", Numbers, Numbers)]
    public async Task Numbers_are_numbers_when_asked_for(string asked, string sent, string expected)
    {
        var response = await AskAsync(asked, sent);

        Assert.Equal(expected.Replace("backend-model", "public-model", StringComparison.Ordinal), response.Body);
    }

    [Theory]
    [InlineData("AACAPw")]
    [InlineData("AACA")]
    [InlineData("AADAfw==")]
    public async Task Vector_that_is_none_is_an_error(string vector)
    {
        var response = await AskAsync("", $$"""{"data":[{"embedding":"{{vector}}"}]}""");

        Assert.Equal(502, response.Status);
    }

    private static async Task<RawResponse> AskAsync(string asked, string answer)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(answer);
        await using var router = await RunningRouter.StartAsync(upstream);
        return await RawHttp.PostAsync(router.Root, "/v1/embeddings", $$"""{"model":"public-model","input":"x"{{asked}}}""");
    }
}
