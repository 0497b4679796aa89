using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>The shipped formats as a model uses them: by name, with a conversation as a request gives it.</summary>
public sealed class ShippedFormatTests
{
    // What a request's messages cannot say: parts of other kinds, members of a template's own, arguments as text.
    private static readonly string[] OnlyTemplates = ["text_arguments", "prefix"];

    private static readonly string[] OwnArguments = ["messages", "tools", "documents", "add_generation_prompt"];

    public static TheoryData<string> Names => ShippedFormats.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Conversation_becomes_the_published_prompt(string name)
    {
        var format = Load(name);
        if (ShippedFormats.Template(name).Contains("strftime_now", StringComparison.Ordinal))
        {
            // It shows today's date; the template by itself is tested with the goldens' date.
            return;
        }

        foreach (var golden in ShippedFormats.Goldens(name).Where(IsRequest))
        {
            if (golden.Expected is not null)
            {
                Assert.Equal(golden.Expected, Prompt(format, ConversationOf(golden.Context)));
            }
            else if (golden.IsRefused && !HasNull(golden))
            {
                var refusal = Assert.Throws<PromptException>(() => Prompt(format, ConversationOf(golden.Context)));
                Assert.True(refusal.IsRefusal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Traits_are_those_of_the_manifest(string name)
    {
        var entry = ShippedFormats.Entry(name);
        var traits = Load(name).Traits;

        Assert.Equal(ShippedFormats.Texts(entry, "endTokens"), traits.EndTokens);
        Assert.Equal(entry.GetProperty("toolCalls").GetString(), traits.ToolCalls);
        Assert.Equal(entry.GetProperty("reasoning").GetString(), traits.Reasoning);
        Assert.Equal(entry.GetProperty("takesTools").GetBoolean(), traits.TakesTools);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bos_is_left_out_where_the_backend_adds_it(string name)
    {
        var bos = ShippedFormats.Entry(name).GetProperty("bos").GetString()!;
        var conversation = new Conversation
        {
            Messages = [new(ChatRole.User, "Hi"), new(ChatRole.Assistant, "Hello"), new(ChatRole.User, "Bye")],
        };

        Assert.Equal(
            Prompt(Load(name), conversation), bos + Prompt(Load(name), conversation with { BackendAddsBos = true }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Final_message_can_be_continued(string name)
    {
        var conversation = new Conversation
        {
            Messages = [new(ChatRole.User, "Hi"), new(ChatRole.Assistant, "The answer is")],
            ContinueFinalMessage = true,
        };

        Assert.EndsWith("The answer is", Prompt(Load(name), conversation), StringComparison.Ordinal);
    }

    private static bool IsRequest(GoldenRendering golden) =>
        !OnlyTemplates.Contains(golden.Case) && golden.Context.GetProperty("messages").EnumerateArray()
            .All(m => !m.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array);

    // A template that refuses a content of null is given an empty one.
    private static bool HasNull(GoldenRendering golden) => golden.Context.GetProperty("messages").EnumerateArray()
        .Any(m => m.GetProperty("content").ValueKind == JsonValueKind.Null);

    private static IPromptFormat Load(string name)
    {
        var load = new AssetLoad([ShippedFormats.Folder]);
        var format = PromptFormats.Load(name, new PromptConfig(), load);

        Assert.Null(load.Problem);
        return format!;
    }

    private static string Prompt(IPromptFormat format, Conversation conversation)
    {
        var prompt = new ArrayBufferWriter<byte>();
        format.Render(conversation, prompt);
        return Encoding.UTF8.GetString(prompt.WrittenSpan);
    }

    private static Conversation ConversationOf(JsonElement context) => new()
    {
        Messages = [.. context.GetProperty("messages").EnumerateArray().Select(MessageOf)],
        Tools = Array(context, "tools"),
        Documents = Array(context, "documents"),
        AddGenerationPrompt = context.GetProperty("add_generation_prompt").GetBoolean(),
        Variables = context.EnumerateObject().Where(p => !OwnArguments.Contains(p.Name))
            .ToDictionary(p => p.Name, p => p.Value),
    };

    private static ChatMessage MessageOf(JsonElement message)
    {
        var sent = message.GetProperty("role").GetString()!;
        var role = sent switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "tool" => ChatRole.Tool,
            _ => ChatRole.Assistant,
        };
        var content = Text(message, "content");
        return new ChatMessage(role, content ?? "", Text(message, "name"))
        {
            SentRole = sent,
            HasNoContent = content is null,
            ToolCallId = Text(message, "tool_call_id"),
            Reasoning = Text(message, "reasoning_content"),
            ToolCalls = message.TryGetProperty("tool_calls", out var calls)
                ? [.. calls.EnumerateArray().Select(CallOf)]
                : [],
        };
    }

    private static MessageToolCall CallOf(JsonElement call)
    {
        var function = call.GetProperty("function");
        return new MessageToolCall(
            Text(call, "id")!, Text(function, "name")!, function.GetProperty("arguments").GetRawText());
    }

    private static JsonElement? Array(JsonElement context, string name) =>
        context.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? array : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
