using System.Text;

namespace AiRouter.Prompting.Formats;

/// <summary>
/// Cuts a prompt behind the last message's text, so that the model goes on with it, as transformers does: a mark is put
/// behind the text before it is rendered, and the prompt ends where the mark is.
/// </summary>
internal static class FinalMessage
{
    /// <summary>The mark; the space at its end tells whether the template keeps spaces.</summary>
    public const string Mark = "AIROUTER_GOES_ON_HERE ";

    private static ReadOnlySpan<byte> MarkBytes => "AIROUTER_GOES_ON_HERE"u8;

    /// <summary>The prompt up to the mark. Where the template trims texts, the spaces at the end go as well.</summary>
    /// <exception cref="PromptException">The template leaves the message out.</exception>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> prompt)
    {
        var at = prompt.LastIndexOf(MarkBytes);
        if (at < 0)
        {
            throw new PromptException(
                "Invalid 'continue_final_message': the chat template of this model does not show the last message as it is.",
                isRefusal: true)
            {
                Param = "continue_final_message",
            };
        }

        var isKept = prompt[(at + MarkBytes.Length)..].StartsWith(" "u8);
        return isKept ? prompt[..at] : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(prompt[..at]).TrimEnd());
    }
}
