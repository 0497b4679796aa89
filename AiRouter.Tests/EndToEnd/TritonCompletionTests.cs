using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonCompletionTests
{
    private const string Path = "completions";

    [Fact]
    public async Task Whole_answer_has_the_golden_bytes()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Completion("[[say:Hello, \"wörld\"!]]"));

        Golden.Equal("completion-whole.json", response.Body);
        Assert.Equal("[[say:Hello, \"wörld\"!]]", router.Sent[0].Input("text_input")!.Values[0]);
        Assert.Equal(1024L, router.Sent[0].Input("max_tokens")!.Values[0]);
    }

    [Fact]
    public async Task Stream_has_the_golden_bytes()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(
            Path, Completion("[[say:Hello, \"wörld\"!]]", "\"stream\":true, \"stream_options\":{\"include_usage\":true}"));

        Assert.True(response.IsWhole);
        Golden.Equal("completion-stream-usage.sse", response.Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prompts_and_choices_are_numbered_prompt_by_prompt(bool stream)
    {
        await using var router = await StartAsync();
        var body = (await router.RawAsync(
            Path,
            """{"model":"chat","prompt":["[[say:a]]","[[say:b]]"],"n":2""" + (stream ? ",\"stream\":true}" : "}"))).Body;
        var texts = stream
            ? Enumerable.Range(0, 4).Select(i => Events.Text(Events.Parse(body), i))
            : System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("choices").EnumerateArray()
                .Select(c => c.GetProperty("text").GetString()!);

        Assert.Equal(["a", "a", "b", "b"], texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Echo_puts_the_prompt_first(bool stream)
    {
        await using var router = await StartAsync();
        var body = (await router.RawAsync(
            Path, Completion("[[say: b]]", "\"echo\":true" + (stream ? ", \"stream\":true" : "")))).Body;

        Assert.Equal("[[say: b]] b", stream
            ? Events.Text(Events.Parse(body))
            : System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Logprobs_have_the_legacy_shape_where_the_model_gives_them()
    {
        await using var router = await StartAsync();
        var answer = await router.JsonAsync(Path, Completion("[[say:ü b c]]", "\"logprobs\":2", "vllm"));
        var logProbs = answer.GetProperty("choices")[0].GetProperty("logprobs");

        Assert.Equal(["ü", " b", " c"], logProbs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal([0, 1, 3], logProbs.GetProperty("text_offset").EnumerateArray().Select(t => t.GetInt32()));
        Assert.Equal(3, logProbs.GetProperty("token_logprobs").GetArrayLength());
        Assert.All(
            logProbs.GetProperty("top_logprobs").EnumerateArray(), t => Assert.InRange(t.EnumerateObject().Count(), 1, 3));
    }

    [Fact]
    public async Task Best_of_that_asks_for_nothing_more_passes()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Completion("[[say:a]]", "\"best_of\":2, \"n\":2, \"suffix\":\"\""));
    }

    [Theory]
    [InlineData("\"suffix\":\"end\"", "suffix")]
    [InlineData("\"best_of\":3", "best_of")]
    [InlineData("\"best_of\":2, \"n\":3", "best_of")]
    [InlineData("\"best_of\":21", "best_of")]
    [InlineData("\"logprobs\":6", "logprobs")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"logprobs\":1", "logprobs")]
    [InlineData("\"echo\":1", "echo")]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"tools\":[{}]", "tools")]
    public async Task What_cannot_be_done_is_400_that_names_it(string members, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Completion("x", members));

        Assert.Equal((400, param), (error.Status, error.Param));
    }

    [Theory]
    [InlineData("\"\"", "prompt")]
    [InlineData("[]", "prompt")]
    [InlineData("null", "prompt")]
    [InlineData("5", "prompt")]
    [InlineData("{}", "prompt")]
    [InlineData("[\"a\",\"\"]", "prompt[1]")]
    [InlineData("[\"a\",5]", "prompt[1]")]
    [InlineData("[[1],[]]", "prompt[1]")]
    [InlineData("[1,-2]", "prompt[1]")]
    [InlineData("[1,2]", "prompt")]
    [InlineData("[[1,2]]", "prompt")]
    public async Task Wrong_prompt_is_400_with_its_path(string prompt, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, $$"""{"model":"chat","prompt":{{prompt}}}""");

        Assert.Equal((400, param), (error.Status, error.Param));
    }

    [Fact]
    public async Task More_choices_than_one_request_may_have_are_400()
    {
        await using var router = await StartAsync();
        var prompts = string.Join(',', Enumerable.Repeat("\"x\"", 129));
        var error = await router.ErrorAsync(Path, $$"""{"model":"chat","prompt":[{{prompts}}]}""");

        Assert.Equal((400, "prompt"), (error.Status, error.Param));
    }
}
