using AiRouter.TritonSimulator;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>Special tokens in an answer (<c>triton.md</c> §3.17).</summary>
public sealed class SpecialTokenTests
{
    [Theory]
    [InlineData("", "call()")]
    [InlineData(", \"skip_special_tokens\": true", "call()")]
    [InlineData(", \"skip_special_tokens\": false", "<|python_tag|>call()<|eom_id|>")]
    public async Task Quirk17_Special_tokens_are_lost_unless_vllm_is_told_to_keep_them(string parameter, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Vllm(
            "[[special:<|python_tag|>]][[say:call()]][[special:<|eom_id|>]]",
            $$"""{"max_tokens": 100{{parameter}}}""").Flag("return_num_output_tokens", [1]));

        Assert.Equal(expected, string.Concat(responses.Texts()));
        Assert.Equal(5, responses.Sum(response => response.InferResponse.OutputInt32("num_output_tokens")));
    }

    [Theory]
    [InlineData(true, "x")]
    [InlineData(false, "[TOOL_CALLS]x")]
    public async Task Quirk17_Postprocessing_of_tensorrt_llm_decides_on_special_tokens(bool skip, string expected)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { SkipSpecialTokens = skip });

        var responses = await client.StreamAsync(Requests.Ensemble("[[special:[TOOL_CALLS]]][[say:x]]"));

        Assert.Equal(expected, string.Concat(responses.Texts()));
    }
}
