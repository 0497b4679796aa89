using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Beginnings of calls in JSON. None ends in a space, which tokenizers put before the next word.</summary>
internal static class JsonPrefill
{
    /// <summary>An object up to its arguments, or up to its name when any tool may be called.</summary>
    public static string Object(string? toolName, string argumentsKey, string nameKey = "name") =>
        toolName is null
            ? $"{{\"{nameKey}\": \""
            : $"{{\"{nameKey}\": \"{Escape(toolName)}\", \"{argumentsKey}\":";

    private static JsonEncodedText Escape(string text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
