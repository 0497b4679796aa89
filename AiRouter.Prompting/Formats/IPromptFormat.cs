using System.Buffers;

namespace AiRouter.Prompting.Formats;

/// <summary>Turns a conversation into the one text that a model continues.</summary>
public interface IPromptFormat
{
    /// <summary>What <c>promptFormat</c> in the configuration calls it.</summary>
    string Name { get; }

    /// <summary>Writes the prompt, UTF-8, up to where the model's answer begins.</summary>
    void Render(IReadOnlyList<ChatMessage> messages, IBufferWriter<byte> prompt);
}
