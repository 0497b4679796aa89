using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using static AiRouter.Tests.Prompting.Formats.FormatFolder;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class BuiltInFormatTests
{
    private static readonly ChatMessage[] Messages =
    [
        new(ChatRole.System, "Be brief."), new(ChatRole.User, "Grüße 🙂", "Ann"), new(ChatRole.Assistant, "Hi\n\nthere"),
        new(ChatRole.Tool, "{\"x\":1}"),
    ];

    [Fact]
    public void Plain_is_byte_for_byte_the_history_of_the_original() => Assert.Equal(
        "System: Be brief.\nUser Ann: Grüße 🙂\nAssistant: Hi\n\nthere\nTool: {\"x\":1}\nASSISTANT:",
        Render(PromptFormats.Plain, Messages));

    [Fact]
    public void None_is_what_the_messages_say() =>
        Assert.Equal("Be brief.Grüße 🙂Hi\n\nthere{\"x\":1}", Render(Inline("none"), Messages));

    [Fact]
    public void Options_hold_for_them_too()
    {
        var format = Inline("plain", new PromptConfig
        {
            System = "You are terse.",
            AddGenerationPrompt = false,
            Completions = PromptConfig.NoCompletions,
            Roles = new Dictionary<string, string> { ["user"] = "human" },
        });

        Assert.Equal("System: You are terse.\nHuman: Hi\n", Render(format, new ChatMessage(ChatRole.User, "Hi")));
        Assert.Null(Complete(format, "Once"));
    }

    [Fact]
    public void They_tell_nothing_about_a_model()
    {
        Assert.Empty(PromptFormats.Plain.Traits.Names);
        Assert.False(PromptFormats.Plain.Traits.TakesImages);
        Assert.False(PromptFormats.Plain.Traits.TakesTools);
        Assert.Null(PromptFormats.Plain.Traits.ToolCalls);
    }
}
