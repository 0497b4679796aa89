using System.Buffers;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Prompting.Formats;

/// <summary>Turns a conversation into the one text that a model continues.</summary>
public interface IPromptFormat : IPromptAsset
{
    /// <summary>What it tells about the model.</summary>
    FormatTraits Traits { get; }

    /// <summary>Writes the prompt, UTF-8, up to where the model's answer begins.</summary>
    /// <exception cref="PromptException">The conversation is not one that the format takes, or the template is broken.</exception>
    void Render(Conversation conversation, IBufferWriter<byte> prompt);

    /// <summary>Writes the prompt of a legacy completion.</summary>
    /// <returns>False when the format is not for completions.</returns>
    /// <exception cref="PromptException">The template is broken.</exception>
    bool TryRenderCompletion(string text, bool backendAddsBos, IBufferWriter<byte> prompt);
}
