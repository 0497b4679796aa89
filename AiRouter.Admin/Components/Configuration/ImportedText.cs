using System.Text;
using System.Text.Json;
using AiRouter.Admin.Management;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Components.Forms;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>A file that somebody imports, as text for the editor.</summary>
internal static class ImportedText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's text; JSON becomes YAML.</summary>
    public static async Task<Outcome<string>> ReadAsync(IBrowserFile file, CancellationToken cancellationToken)
    {
        if (file.Size > RequestBodies.MostBytes)
        {
            return new ManagementFailure(
                FailureKind.TooLarge, $"{file.Name} is too large: a configuration has at most {RequestBodies.MostBytes / 1024 / 1024} MiB.");
        }

        using var bytes = new MemoryStream();
        await using (var sent = file.OpenReadStream(RequestBodies.MostBytes, cancellationToken))
        {
            await sent.CopyToAsync(bytes, cancellationToken);
        }

        return Of(file.Name, bytes.ToArray());
    }

    /// <summary>The text of a file's bytes.</summary>
    internal static Outcome<string> Of(string name, byte[] bytes)
    {
        try
        {
            var text = StrictUtf8.GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n");
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                return NoText(name);
            }

            return name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && IsJson(text) ? ConfigurationJson.ToYaml(text) : text;
        }
        catch (DecoderFallbackException)
        {
            return NoText(name);
        }
    }

    // What is wrong with a text that is not is told where it stands in it: it is shown as it is.
    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ManagementFailure NoText(string name) =>
        ManagementFailure.Invalid("", $"{name} is not UTF-8 text: it is no configuration of AiRouter.");
}
