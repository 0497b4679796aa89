using System.Text.Json;

namespace AiRouter.Triton.Models;

/// <summary>
/// Checks a guide before it is sent: what an engine says of a bad one does not name it, and an engine of TensorRT-LLM
/// may fail for everybody's requests with it.
/// </summary>
internal static class GuideChecks
{
    public static TritonFailure? Check(GuidedDecoding guide) => guide.Kind switch
    {
        GuideKind.JsonSchema => IsObject(guide.Guide) ? null : Invalid("is not a JSON schema"),
        GuideKind.Choice => TryReadChoices(guide.Guide, out _)
            ? null
            : Invalid("is not a list of one or more texts that are not empty"),
        GuideKind.Regex or GuideKind.Grammar when guide.Guide.Length == 0 => Invalid("is empty"),
        GuideKind.Regex or GuideKind.Grammar when guide.Guide.Contains('\0', StringComparison.Ordinal) =>
            Invalid("has a NUL character"),
        _ => null,
    };

    /// <summary>The texts of a <see cref="GuideKind.Choice"/>; false when it has none, or an empty one.</summary>
    public static bool TryReadChoices(string guide, out IReadOnlyList<string> choices)
    {
        choices = [];
        try
        {
            choices = JsonSerializer.Deserialize(guide, GuideJson.Default.StringArray) ?? [];
        }
        catch (JsonException)
        {
            return false;
        }

        return choices.Count > 0 && !choices.Any(string.IsNullOrEmpty);
    }

    public static TritonFailure Invalid(string problem) => GenerationChecks.Invalid(GenerationParameter.Guide, problem);

    private static bool IsObject(string guide)
    {
        try
        {
            using var schema = JsonDocument.Parse(guide);
            return schema.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
