using System.Text.Json.Nodes;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What the Responses API calls the members of a chat request.</summary>
internal static class ResponsesNames
{
    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["max_completion_tokens"] = "max_output_tokens",
        ["max_tokens"] = "max_output_tokens",
        ["reasoning_effort"] = "reasoning.effort",
        ["verbosity"] = "text.verbosity",
        ["response_format"] = "text.format",
        ["response_format.json_schema"] = "text.format",
        ["tools[].function"] = "tools[]",
        ["tools[].custom"] = "tools[]",
        ["tool_choice.function"] = "tool_choice",
        ["tool_choice.custom"] = "tool_choice",
        ["tool_choice.allowed_tools"] = "tool_choice",
        ["logprobs"] = "include",
        ["stream_options"] = "stream",
    };

    /// <summary>The names for a request that has become a chat request.</summary>
    public static MemberNames Of(JsonObject request, int earlier) =>
        new(request, Members, conversation: "input", RequestTranslation.OriginsOf(request)) { Earlier = earlier };
}
