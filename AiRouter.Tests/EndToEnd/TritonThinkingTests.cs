using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>How much a model is to think, in whatever words its clients say it, as its template understands it.</summary>
public sealed class TritonThinkingTests
{
    private const string Path = "chat/completions";
    private const string Closed = "<think>\n\n</think>\n\n";

    [Theory]
    [InlineData("qwen3", "none", "<|im_start|>assistant\n" + Closed)]
    [InlineData("qwen3", "minimal", "<|im_start|>assistant\n")]
    [InlineData("qwen3", "high", "<|im_start|>assistant\n")]
    [InlineData("qwen3.5", "none", "<think>\n\n</think>\n\n")]
    [InlineData("qwen3.5", "max", "<think>\n")]
    [InlineData("glm", "none", "\n<think></think>")]
    [InlineData("glm", "low", "<|assistant|>")]
    [InlineData("deepseek", "none", "</think>")]
    [InlineData("deepseek", "medium", "<think>")]
    public async Task Effort_switches_thinking_where_the_template_has_a_switch(string format, string effort, string end)
    {
        await using var router = await StartAsync(Model(format));
        await router.JsonAsync(Path, Chat("[[say:x]]", $"\"reasoning_effort\":\"{effort}\"", "m"));

        Assert.EndsWith(end, Prompt(router), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "low")]
    [InlineData("minimal", "low")]
    [InlineData("low", "low")]
    [InlineData("medium", "medium")]
    [InlineData("high", "high")]
    [InlineData("xhigh", "high")]
    [InlineData("max", "high")]
    public async Task Harmony_gets_the_nearest_of_the_levels_that_it_knows(string effort, string level)
    {
        await using var router = await StartAsync(Model("harmony"));
        await router.JsonAsync(Path, Chat("[[say:x]]", $"\"reasoning_effort\":\"{effort}\"", "m"));

        Assert.Contains($"\nReasoning: {level}\n", Prompt(router), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"reasoning_effort\":\"xhigh\"", "unset xhigh")]
    [InlineData("\"reasoning_effort\":\"none\"", "unset none")]
    [InlineData("\"reasoning_effort\":\"\"", "unset unset")]
    public async Task Template_with_levels_of_its_own_gets_the_effort_as_it_is(string member, string expected) => Assert.Equal(
        expected, await PromptOfTemplateAsync("{{ unknown | default('unset') }} {{ reasoning_effort | default('unset') }}", member));

    [Theory]
    [InlineData("\"reasoning_effort\":\"none\"", "False unset")]
    [InlineData("\"reasoning_effort\":\"low\"", "True low")]
    [InlineData("\"reasoning_effort\":null", "unset unset")]
    public async Task Template_with_switch_and_levels_gets_both(string member, string expected) => Assert.Equal(
        expected, await PromptOfTemplateAsync("{{ enable_thinking | default('unset') }} {{ reasoning_effort | default('unset') }}", member));

    [Theory]
    [InlineData("\"reasoning_effort\":\"high\",\"enable_thinking\":false", "False")]
    [InlineData("\"reasoning_effort\":\"none\",\"chat_template_kwargs\":{\"enable_thinking\":true}", "True")]
    [InlineData("\"reasoning_effort\":\"none\",\"thinking\":{\"type\":\"enabled\"}", "True")]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", "False")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", "unset")]
    public async Task What_says_it_more_exactly_counts(string members, string expected) =>
        Assert.Equal(expected, await PromptOfTemplateAsync("{{ enable_thinking | default('unset') }}", members));

    [Fact]
    public async Task Effort_of_a_request_goes_before_the_configurations_variables()
    {
        await using var router = await StartAsync(Model("qwen3", ", prompt: { variables: { enable_thinking: false } }"));
        await router.JsonAsync(Path, Chat("[[say:x]]", model: "m"));
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"reasoning_effort\":\"high\"", "m"));

        Assert.EndsWith(Closed, Prompt(router), StringComparison.Ordinal);
        Assert.EndsWith("<|im_start|>assistant\n", Prompt(router, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen3", "\"reasoning_effort\":\"much\"", "reasoning_effort", "'xhigh'")]
    [InlineData("qwen3", "\"reasoning_effort\":1", "reasoning_effort", "a string")]
    [InlineData("qwen3", "\"thinking\":{\"type\":\"on\"}", "thinking.type", "'adaptive'")]
    [InlineData("chatml", "\"reasoning_effort\":\"high\"", "reasoning_effort", "not supported")]
    [InlineData("chatml", "\"thinking\":{\"type\":\"enabled\"}", "thinking", "not supported")]
    public async Task R11_effort_that_means_nothing_to_the_model_is_400_that_names_it(string format, string member, string param, string why)
    {
        await using var router = await StartAsync(Model(format));
        var error = await router.ErrorAsync(Path, Chat("x", member, "m"));

        Assert.Equal((400, param), (error.Status, error.Param));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("responses", "\"reasoning\":{\"effort\":\"none\"}", true)]
    [InlineData("responses", "\"reasoning\":{\"effort\":\"minimal\"}", false)]
    [InlineData("responses", "\"reasoning\":{\"effort\":\"xhigh\",\"summary\":\"auto\"}", false)]
    [InlineData("messages", "\"thinking\":{\"type\":\"disabled\"}", true)]
    [InlineData("messages", "\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"high\"}", true)]
    [InlineData("messages", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}", false)]
    [InlineData("messages", "\"thinking\":{\"type\":\"adaptive\"}", false)]
    [InlineData("messages", "\"output_config\":{\"effort\":\"max\"}", false)]
    public async Task Clients_of_other_dialects_switch_it_too(string path, string members, bool isOff)
    {
        await using var router = await StartAsync(Model("qwen3"));
        var asked = path == "responses" ? "\"input\":\"[[say:x]]\"" : "\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"[[say:x]]\"}]";
        await router.JsonAsync(path, $$"""{"model":"m",{{asked}},{{members}}}""");

        Assert.Equal(isOff, Prompt(router).EndsWith(Closed, StringComparison.Ordinal));
    }

    private static async Task<string> PromptOfTemplateAsync(string template, string members)
    {
        await using var router = await StartAsync(Model($"\"{template} {{{{ messages[0].content }}}}\""));
        await router.JsonAsync(Path, Chat("[[say:x]]", members, "m"));
        return Prompt(router).Replace(" [[say:x]]", "", StringComparison.Ordinal);
    }

    private static string Model(string format, string members = "") =>
        $$"""  m: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: {{format}}{{members}} }""";

    private static string Prompt(TritonRouter router, int index = 0) => (string)router.Sent[index].Input("text_input")!.Values[0];
}
