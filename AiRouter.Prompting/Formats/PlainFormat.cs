using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Formats;

/// <summary>
/// <c>plain</c>: the history as the original router wrote it, one line a message, then <c>ASSISTANT:</c>. It knows no model's
/// special tokens, so any model understands it and none was trained on it.
/// </summary>
public sealed class PlainFormat : IPromptFormat
{
    private PlainFormat()
    {
    }

    /// <summary>The format.</summary>
    public static PlainFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "plain";

    /// <inheritdoc/>
    public FormatTraits Traits { get; } = new();

    /// <inheritdoc/>
    public bool TryRenderCompletion(string text, bool backendAddsBos, IBufferWriter<byte> prompt)
    {
        Encoding.UTF8.GetBytes(text, prompt);
        return true;
    }

    /// <inheritdoc/>
    public void Render(Conversation conversation, IBufferWriter<byte> prompt)
    {
        foreach (var message in conversation.Messages)
        {
            prompt.Write(RoleOf(message.Role));
            if (message.Name is not null)
            {
                prompt.Write(" "u8);
                Encoding.UTF8.GetBytes(message.Name, prompt);
            }

            prompt.Write(": "u8);
            Encoding.UTF8.GetBytes(message.Content, prompt);
            prompt.Write("\n"u8);
        }

        prompt.Write("ASSISTANT:"u8);
    }

    private static ReadOnlySpan<byte> RoleOf(ChatRole role) => role switch
    {
        ChatRole.System => "System"u8,
        ChatRole.User => "User"u8,
        ChatRole.Assistant => "Assistant"u8,
        _ => "Tool"u8,
    };
}
