using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Formats;

/// <summary>
/// <c>none</c>: what the messages say, put together without a word between them. For models that continue a text, and for
/// clients that render prompts themselves.
/// </summary>
public sealed class NoneFormat : IPromptFormat
{
    private NoneFormat()
    {
    }

    /// <summary>The format.</summary>
    public static NoneFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public FormatTraits Traits { get; } = new();

    /// <inheritdoc/>
    public void Render(Conversation conversation, IBufferWriter<byte> prompt)
    {
        foreach (var message in conversation.Messages)
        {
            Encoding.UTF8.GetBytes(message.Content, prompt);
        }
    }

    /// <inheritdoc/>
    public bool TryRenderCompletion(string text, bool backendAddsBos, IBufferWriter<byte> prompt)
    {
        Encoding.UTF8.GetBytes(text, prompt);
        return true;
    }
}
