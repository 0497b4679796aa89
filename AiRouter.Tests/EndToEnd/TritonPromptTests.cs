using System.Text.Json;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>What Triton gets for a prompt, byte for byte.</summary>
public sealed class TritonPromptTests
{
    private const string Path = "chat/completions";

    // The smallest PNG's beginning: what follows the mark is the model's to judge.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private const string Vision =
        "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}" +
        "{{ '<image>' if p.type == 'image' else p.text }}{% endfor %}{% endif %}{% endfor %}";

    [Theory]
    [InlineData("chatml", "<|im_start|>user\n[[say:x]]<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("none", "[[say:x]]")]
    [InlineData("\"{{ messages[0].content }}!\"", "[[say:x]]!")]
    public async Task Format_is_a_shipped_one_by_name_or_a_template(string format, string expected)
    {
        await using var router = await StartAsync(Model($"promptFormat: {format}"));
        await router.JsonAsync(Path, Chat("[[say:x]]", model: "m"));

        Assert.Equal(expected, Prompt(router));
    }

    [Theory]
    [InlineData("promptFormat: llama3", "", "<|start_header_id|>")]
    [InlineData("promptFormat: llama3, prompt: { bosMode: template }", "", "<|begin_of_text|><|start_header_id|>")]
    [InlineData("promptFormat: llama3, prompt: { bosMode: template }", ", bosMode: backend", "<|start_header_id|>")]
    [InlineData("promptFormat: llama3", ", bosMode: template", "<|begin_of_text|><|start_header_id|>")]
    public async Task R15_exactly_one_BOS_settable_per_target(string model, string target, string beginning)
    {
        await using var router = await StartAsync(Model(model, target));
        await router.JsonAsync(Path, Chat("[[say:x]]", model: "m"));

        Assert.StartsWith(beginning, Prompt(router), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R15_special_tokens_of_users_are_text_when_configured_so()
    {
        await using var router = await StartAsync(Model("promptFormat: chatml, prompt: { neutralizeSpecialTokens: true }"));
        await router.JsonAsync(Path, Chat("[[say:x]]<|im_end|>", model: "m"));

        Assert.Equal("<|im_start|>user\n[[say:x]]< |im_end|><|im_end|>\n<|im_start|>assistant\n", Prompt(router));
    }

    [Fact]
    public async Task R21_target_has_a_format_of_its_own()
    {
        await using var router = await StartAsync(Model("promptFormat: chatml", ", promptFormat: \"{{ messages[0].content }}?\""));
        await router.JsonAsync(Path, Chat("[[say:x]]", model: "m"));

        Assert.Equal("[[say:x]]?", Prompt(router));
    }

    [Fact]
    public async Task Calls_and_results_of_tools_reach_the_template()
    {
        await using var router = await StartAsync(Model("promptFormat: qwen"));
        await router.JsonAsync(Path,
            """
            {"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"[[say:x]]"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},
             {"role":"tool","tool_call_id":"call_1","content":"42"}]}
            """);

        Assert.Equal(
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n[[say:x]]<|im_end|>\n<|im_start|>assistant\n" +
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call><|im_end|>\n" +
            "<|im_start|>user\n<tool_response>\n42\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
            Prompt(router));
    }

    [Fact]
    public async Task Legacy_function_call_is_a_call_like_any_other()
    {
        await using var router = await StartAsync(Model("promptFormat: \"{{ messages | tojson }}\""));
        await router.JsonAsync(Path,
            """
            {"model":"m","messages":[{"role":"user","content":"[[say:x]]"},
             {"role":"assistant","content":"","reasoning_content":"hm","function_call":{"name":"f","arguments":"{}"}},
             {"role":"function","name":"f","content":"42"}]}
            """);

        Assert.Equal(
            """[{"role": "user", "content": "[[say:x]]"}, {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {}}}], "reasoning_content": "hm"}, {"role": "tool", "content": "42", "name": "f"}]""",
            Prompt(router));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"x","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}""", "messages[0].tool_calls")]
    [InlineData("""{"role":"assistant","tool_calls":{}}""", "messages[0].tool_calls")]
    [InlineData("""{"role":"assistant","tool_calls":[1]}""", "messages[0].tool_calls[0]")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"a"}]}""", "messages[0].tool_calls[0].function")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"arguments":"{}"}}]}""", "messages[0].tool_calls[0].function.name")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":1}}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"role":"assistant","tool_calls":[{"type":"custom","function":{"name":"f"}}]}""", "messages[0].tool_calls[0].type")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"name":"f"}}],"function_call":{"name":"f"}}""", "messages[0].function_call")]
    [InlineData("""{"role":"tool","content":"x","tool_call_id":1}""", "messages[0].tool_call_id")]
    public async Task Wrong_call_is_400_with_its_path(string message, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, $$"""{"model":"chat","messages":[{{message}}]}""");

        Assert.Equal((400, param), (error.Status, error.Param));
    }

    [Fact]
    public async Task What_a_template_refuses_is_400_in_its_words()
    {
        await using var router = await StartAsync(Model(
            "promptFormat: \"{% if messages[0].role != 'user' %}{{ raise_exception('Users first!') }}{% endif %}{{ messages[0].content }}\""));
        var error = await router.ErrorAsync(Path, """{"model":"m","messages":[{"role":"system","content":"x"}]}""");

        Assert.Equal((400, "Users first!", "messages"), (error.Status, error.Message, error.Param));
    }

    [Fact]
    public async Task Template_that_fails_is_500_without_a_word_of_it()
    {
        await using var router = await StartAsync(Model(
            "promptFormat: \"{{ messages[0].content }}{% if messages | length > 1 %}{{ secret_name.member }}{% endif %}\""));
        var error = await router.ErrorAsync(
            Path, """{"model":"m","messages":[{"role":"user","content":"x"},{"role":"user","content":"y"}]}""");

        Assert.Equal((500, "prompt_format_failed"), (error.Status, error.Code));
        Assert.DoesNotContain("secret_name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_of_the_request_reach_a_template_that_reads_them()
    {
        await using var router = await StartAsync(Model(
            "promptFormat: \"{{ messages[0].content }} {{ enable_thinking }} {{ reasoning_effort }} {{ (documents or []) | length }} {{ mood }}\""));
        await router.JsonAsync(Path, Chat(
            "[[say:x]]",
            """
            "chat_template_kwargs":{"enable_thinking":false,"mood":"calm"},"reasoning_effort":"low","documents":[{"text":"a"}]
            """, "m"));

        Assert.Equal("[[say:x]] False low 1 calm", Prompt(router));
    }

    [Theory]
    [InlineData("\"chat_template_kwargs\":{\"mood\":1}", "chat_template_kwargs.mood")]
    [InlineData("\"chat_template_kwargs\":{\"messages\":[]}", "chat_template_kwargs.messages")]
    [InlineData("\"chat_template_kwargs\":{\"chat_template\":\"x\"}", "chat_template_kwargs.chat_template")]
    [InlineData("\"chat_template_kwargs\":{\"add_generation_prompt\":false}", "chat_template_kwargs.add_generation_prompt")]
    [InlineData("\"chat_template_kwargs\":1", "chat_template_kwargs")]
    [InlineData("\"documents\":[{}]", "documents")]
    [InlineData("\"reasoning_effort\":\"high\"", "reasoning_effort")]
    [InlineData("\"add_generation_prompt\":1", "add_generation_prompt")]
    [InlineData("\"continue_final_message\":true", "continue_final_message")]
    public async Task R11_what_the_template_has_no_use_for_is_400_that_names_it(string member, string param)
    {
        await using var router = await StartAsync(Model("promptFormat: chatml"));
        var error = await router.ErrorAsync(Path, Chat("x", member, "m"));

        Assert.Equal((400, param), (error.Status, error.Param));
    }

    [Fact]
    public async Task Last_message_is_continued_and_generation_prompt_left_out_on_request()
    {
        await using var router = await StartAsync(Model("promptFormat: chatml"));
        const string messages = """[{"role":"user","content":"[[say:x]]"},{"role":"assistant","content":"Well, "}]""";
        await router.JsonAsync(Path, $$"""{"model":"m","messages":{{messages}},"continue_final_message":true,"add_generation_prompt":false}""");
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"add_generation_prompt\":false", "m"));

        Assert.Equal("<|im_start|>user\n[[say:x]]<|im_end|>\n<|im_start|>assistant\nWell, ", Prompt(router));
        Assert.Equal("<|im_start|>user\n[[say:x]]<|im_end|>\n", Prompt(router, 1));
    }

    [Fact]
    public async Task Completions_are_as_they_are_of_a_template_or_disabled()
    {
        await using var router = await StartAsync(
            Model("promptFormat: llama3") + "\n" +
            Model("promptFormat: llama3, prompt: { completions: \"{{ bos_token }}[INST] {{ prompt }} [/INST]\" }", name: "made") + "\n" +
            Model("promptFormat: llama3, prompt: { completions: disabled }", name: "chat-only"));
        await router.JsonAsync("completions", Completion("<|begin_of_text|>[[say:x]]", model: "m"));
        var echoed = await router.JsonAsync("completions", Completion("[[say:x]]", "\"echo\":true", "made"));
        var refused = await router.ErrorAsync("completions", Completion("x", model: "chat-only"));
        var tokens = await router.ErrorAsync("completions", """{"model":"chat-only","prompt":[1,2]}""");

        // The backend adds the token itself (R15).
        Assert.Equal("[[say:x]]", Prompt(router));
        Assert.Equal("[INST] [[say:x]] [/INST]", Prompt(router, 1));
        Assert.Equal("[[say:x]]x", echoed.GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.All(new[] { refused, tokens }, e => Assert.Equal((400, "unsupported_operation"), (e.Status, e.Code)));
    }

    [Theory]
    [InlineData("ensemble", true)]
    [InlineData("vllm_model", false)]
    public async Task End_tokens_of_the_format_end_answers_and_are_told_to_engines_that_may_not_know_them(string model, bool sent)
    {
        await using var router = await StartAsync(Model("promptFormat: chatml", backendModel: model));
        var answer = await router.JsonAsync(Path, Chat("[[say:one <|im_end|> two]]", model: "m"));

        Assert.Equal("one ", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(sent, JsonSerializer.Serialize(router.Sent[0].Inputs.Where(i => i.Name != "text_input").Select(i => i.Values))
            .Contains("im_end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Images_go_to_the_model_and_their_places_into_the_prompt()
    {
        await using var router = await StartAsync(Model($"promptFormat: \"{Vision}\"", backendModel: "vllm_model"));
        await router.JsonAsync(Path,
            $$$"""
            {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"[[say:x]] a"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Png}}}"}},{"type":"text","text":"b"}]}]}
            """);

        Assert.Equal("[[say:x]] a<image>b", Prompt(router));
        Assert.Equal(Png, Assert.Single(router.Sent[0].Input("image")!.Values));
    }

    [Theory]
    [InlineData("""{"url":"http://example.com/a.png"}""", "vision", "messages[0].content[0].image_url.url", "data URL")]
    [InlineData("""{"url":"data:text/plain;base64,eA=="}""", "vision", "messages[0].content[0].image_url.url", "expected an image")]
    [InlineData("""{"url":"data:image/png;base64,eA=="}""", "vision", "messages[0].content[0].image_url.url", "no PNG")]
    [InlineData("""{"url":"data:image/png;base64,e"}""", "vision", "messages[0].content[0].image_url.url", "base64 is broken")]
    [InlineData("{}", "vision", "messages[0].content[0].image_url.url", "Missing")]
    [InlineData($$"""{"url":"data:image/png;base64,{{Png}}"}""", "no-place", "messages[0].content[0]", "takes no images")]
    [InlineData($$"""{"url":"data:image/png;base64,{{Png}}"}""", "no-input", "messages[0].content[0]", "takes no images")]
    public async Task Image_that_cannot_be_shown_is_400_that_says_why(string image, string model, string param, string why)
    {
        await using var router = await StartAsync(
            Model($"promptFormat: \"{Vision}\"", backendModel: "vllm_model", name: "vision") + "\n" +
            Model("promptFormat: chatml", backendModel: "vllm_model", name: "no-place") + "\n" +
            Model($"promptFormat: \"{Vision}\"", backendModel: "generic", name: "no-input"));
        var error = await router.ErrorAsync(
            Path, $$"""{"model":"{{model}}","messages":[{"role":"user","content":[{"type":"image_url","image_url":{{image}}}]}]}""");

        Assert.Equal((400, param), (error.Status, error.Param));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_images_than_the_model_takes_are_400_with_the_number()
    {
        await using var router = await StartAsync(Model($"promptFormat: \"{Vision}\"", backendModel: "vllm_model"));
        var image = $$$"""{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{Png}}}"}}""";
        var parts = string.Join(',', Enumerable.Repeat(image, 65));
        var error = await router.ErrorAsync(Path, $$"""{"model":"m","messages":[{"role":"user","content":[{{parts}}]}]}""");

        Assert.Equal(
            (400, "Invalid 'messages': the model 'm' takes at most 64 images in a request.", "messages"),
            (error.Status, error.Message, error.Param));
        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("raise_exception")]
    [InlineData("namespace")]
    public async Task Functions_of_a_template_are_not_a_clients_to_replace(string name)
    {
        await using var router = await StartAsync(Model(
            "promptFormat: \"{% set ns = namespace(a=1) %}{% if messages | length > 1 %}{{ raise_exception('One!') }}{% endif %}" +
            "{{ messages[0].content }}\""));
        var error = await router.ErrorAsync(Path, Chat("[[say:x]]", $"\"chat_template_kwargs\":{{\"{name}\":1}}", "m"));

        Assert.Equal((400, $"chat_template_kwargs.{name}"), (error.Status, error.Param));
    }

    [Fact]
    public async Task R20_merge_keeps_calls_and_parts_apart()
    {
        await using var router = await StartAsync(Model("promptFormat: \"{{ messages | tojson }}\", messageRepair: merge"));
        await router.JsonAsync(Path,
            """
            {"model":"m","messages":[{"role":"user","content":"[[say:x]]"},{"role":"user","content":[{"type":"text","text":"b"}]},
             {"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},{"role":"assistant","content":"c"},
             {"role":"developer","content":"S"}]}
            """);

        Assert.Equal(
            """[{"role": "system", "content": "S"}, {"role": "user", "content": "[[say:x]]\n\nb"}, {"role": "assistant", "content": "", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": {}}}]}, {"role": "assistant", "content": "c"}]""",
            Prompt(router));
    }

    private static string Model(string members, string target = "", string backendModel = "ensemble", string name = "m") =>
        $$"""  {{name}}: { targets: [ { backend: gpu, model: {{backendModel}}{{target}} } ], {{members}} }""";

    private static string Prompt(TritonRouter router, int index = 0) => (string)router.Sent[index].Input("text_input")!.Values[0];
}
