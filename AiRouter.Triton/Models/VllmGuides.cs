using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRouter.Triton.Models;

/// <summary>
/// What vLLM's answer must be: a member of <c>sampling_parameters</c> whose value is a text with JSON in it
/// (<c>triton.md</c> §1.5). Its name changed with the releases of Triton's backend, its members did not.
/// </summary>
internal static class VllmGuides
{
    // It goes into a JSON text, where every quotation mark is escaped once more.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>25.01, the first backend with <c>guided_decoding</c>.</summary>
    private static readonly Version Guided = new(2, 54);

    /// <summary>25.11, the first with <c>structured_outputs</c> instead.</summary>
    private static readonly Version Structured = new(2, 63);

    /// <summary>
    /// The member's name; null when the backend has none. The inputs that a backend declares by itself tell its release
    /// better than the server's version does, which stays when only the backend is replaced.
    /// </summary>
    public static string? MemberFor(TritonModel model)
    {
        if (model.FindInput("sampling_parameters") is null || model.FindInput("return_num_input_tokens") is null)
        {
            return null;
        }

        if (model.FindInput("embedding_request") is not null || model.ServerVersion >= Structured)
        {
            return "structured_outputs";
        }

        return model.ServerVersion is null || model.ServerVersion >= Guided ? "guided_decoding" : null;
    }

    /// <summary>The member's value.</summary>
    public static string Write(GuidedDecoding guide)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        switch (guide.Kind)
        {
            case GuideKind.Json:
                json.WriteBoolean("json_object", true);
                break;
            case GuideKind.JsonSchema:
                json.WriteString("json", guide.Guide);
                break;
            case GuideKind.Regex:
                json.WriteString("regex", guide.Guide);
                break;
            case GuideKind.Choice:
                json.WritePropertyName("choice");
                json.WriteRawValue(guide.Guide);
                break;
            case GuideKind.Grammar:
                json.WriteString("grammar", guide.Guide);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(guide), guide.Kind, "Not a kind of guide.");
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
