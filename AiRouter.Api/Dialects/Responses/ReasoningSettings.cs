using System.Text.Json;
using AiRouter.Api.Backends.Triton.Requests;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What <c>reasoning</c> of a request says besides the effort: whether the client wants a summary of what is thought.</summary>
internal static class ReasoningSettings
{
    /// <summary>The member with the wish; <c>generate_summary</c> is its older name.</summary>
    public static JsonElement? SummaryIn(JsonElement reasoning) => reasoning.Member("summary") ?? reasoning.Member("generate_summary");

    /// <summary>How the client wants to have what is thought.</summary>
    /// <param name="reasoning">The request's <c>reasoning</c>, where it is given.</param>
    /// <param name="include">Its <c>include</c>.</param>
    public static ThoughtForm FormOf(JsonElement? reasoning, JsonElement? include) => new(
        reasoning is { } given && SummaryIn(given) is not null ? PartKind.Summary : PartKind.Thought,
        include is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().Any(
            item => item.ValueKind == JsonValueKind.String && item.ValueEquals("reasoning.encrypted_content")));

    /// <summary>Checks the wish; how long a summary shall be has no effect on what the model thinks.</summary>
    public static void CheckSummary(MemberReader reader, JsonElement reasoning)
    {
        foreach (var name in (ReadOnlySpan<string>)["summary", "generate_summary"])
        {
            var path = $"reasoning.{name}";
            if (reader.TextOf(reasoning.Member(name), path) is not (null or "auto" or "concise" or "detailed"))
            {
                reader.Fail(path, $"Invalid value for '{path}': expected one of 'auto', 'concise' and 'detailed'.");
            }
        }
    }
}
