using System.Buffers;
using System.Text;
using AiRouter.Prompting.Formats;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class PlainFormatTests
{
    [Fact]
    public void Plain_is_byte_for_byte_the_history_of_the_original()
    {
        Assert.Equal(
            "System: Be brief.\nUser Ann: Grüße 🙂\nAssistant: Hi\n\nthere\nTool: {\"x\":1}\nASSISTANT:",
            Render(
                new ChatMessage(ChatRole.System, "Be brief."),
                new ChatMessage(ChatRole.User, "Grüße 🙂", "Ann"),
                new ChatMessage(ChatRole.Assistant, "Hi\n\nthere"),
                new ChatMessage(ChatRole.Tool, "{\"x\":1}")));
    }

    private static string Render(params ChatMessage[] messages)
    {
        var prompt = new ArrayBufferWriter<byte>();
        PlainFormat.Instance.Render(new Conversation { Messages = messages }, prompt);
        return Encoding.UTF8.GetString(prompt.WrittenSpan);
    }
}
