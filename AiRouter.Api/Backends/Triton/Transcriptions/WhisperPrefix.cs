using System.Text;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// The tokens that a transcript begins with, as Whisper was trained on them: what was said before, the start, the language, the task.
/// Without a language it is left out with all that comes after it, and the model goes on by itself with the one that it hears.
/// </summary>
internal static class WhisperPrefix
{
    // A translation needs its task said, and the task comes after a language. Whisper translates whatever it hears.
    private const string WhenTranslating = "en";

    /// <summary>The prefix, UTF-8.</summary>
    public static byte[] Of(TranscriptionOrder order)
    {
        var prefix = new StringBuilder();
        if (order.Prompt is { } prompt)
        {
            prefix.Append("<|startofprev|> ").Append(Harmless(prompt.Trim()));
        }

        prefix.Append("<|startoftranscript|>");
        if ((order.Language ?? (order.Translates ? WhenTranslating : null)) is { } language)
        {
            prefix.Append("<|").Append(language).Append("|><|").Append(order.Translates ? "translate" : "transcribe")
                .Append("|><|notimestamps|>");
        }

        return Encoding.UTF8.GetBytes(prefix.ToString());
    }

    /// <summary>What looks like a token is taken for one, and clients choose none.</summary>
    public static string Harmless(string text) => text.Replace("<|", "< |", StringComparison.Ordinal);
}
