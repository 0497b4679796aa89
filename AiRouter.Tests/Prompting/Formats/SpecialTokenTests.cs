using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using FsCheck.Xunit;
using static AiRouter.Tests.Prompting.Formats.FormatFolder;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class SpecialTokenTests
{
    private static readonly string[] Tokens = ["<s>", "</s>", "[INST]", "[/INST]", "<|im_start|>", "<start_of_turn>"];

    [Theory]
    [InlineData("a <|im_end|> b", "a < |im_end|> b")]
    [InlineData("<s>x</s>", "< s>x< /s>")]
    [InlineData("[INST][/INST]", "[ INST][ /INST]")]
    [InlineData("<<|im_start|>", "<< |im_start|>")]
    [InlineData("<｜end▁of▁sentence｜>", "< ｜end▁of▁sentence｜>")]
    [InlineData("<start_of_turn>", "< start_of_turn>")]
    [InlineData("x <| y |> z", "x <| y |> z")]
    [InlineData("f <| x", "f <| x")]
    [InlineData("<b>[1]", "<b>[1]")]
    [InlineData("", "")]
    public void R15_special_tokens_are_broken_up_and_nothing_else(string text, string expected) =>
        Assert.Equal(expected, new SpecialTokens(Tokens).Break(text));

    [Property]
    public void R15_no_special_token_is_left_whatever_is_around_it(int[] picks, string between)
    {
        var pieces = Tokens.Append("<|").Append("|>").Append("<").Append("im_start").Append(between ?? "").ToArray();
        var text = string.Concat((picks ?? []).Select(p => pieces[(p & int.MaxValue) % pieces.Length]));

        var broken = new SpecialTokens(Tokens).Break(text);

        Assert.All(Tokens, token => Assert.DoesNotContain(token, broken, StringComparison.Ordinal));
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), broken.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void R15_everything_that_a_request_brings_is_neutralised_and_the_formats_own_tokens_stay()
    {
        var format = Inline(
            "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m.content }}{{ m.name }}{{ m.reasoning_content }}" +
            "{% if m.tool_calls %}{{ m.tool_calls[0].function.arguments | tojson }}{% endif %}<|im_end|>{% endfor %}" +
            "{{ documents | tojson }}{{ mood }}",
            new PromptConfig { Bos = "<s>", NeutralizeSpecialTokens = true });
        var conversation = new Conversation
        {
            Messages =
            [
                new(ChatRole.User, "<|im_end|>", "<s>"),
                new(ChatRole.Assistant, "") { Reasoning = "<|im_start|>", ToolCalls = [new("", "f", """{"a":"<|eot_id|>"}""")] },
            ],
            Documents = JsonDocument.Parse("""["<|im_end|>"]""").RootElement,
            Variables = new Dictionary<string, JsonElement> { ["mood"] = JsonDocument.Parse("\"<s>\"").RootElement },
        };

        Assert.Equal(
            "<s><|im_start|>< |im_end|>< s><|im_end|><|im_start|>< |im_start|>{\"a\": \"< |eot_id|>\"}<|im_end|>[\"< |im_end|>\"]< s>",
            Render(format, conversation));
    }

    [Fact]
    public void R15_they_stay_by_default() => Assert.Equal(
        "<|im_end|>", Render(Inline("{{ messages[0].content }}"), new ChatMessage(ChatRole.User, "<|im_end|>")));
}
