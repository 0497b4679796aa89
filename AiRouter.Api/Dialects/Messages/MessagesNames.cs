using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>What Anthropic's API calls the members of a chat request.</summary>
internal static class MessagesNames
{
    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["max_completion_tokens"] = "max_tokens",
        ["response_format"] = "output_config.format",
        ["response_format.json_schema"] = "output_config.format",
        ["stop"] = "stop_sequences",
        ["user"] = "metadata.user_id",
        ["parallel_tool_calls"] = "tool_choice.disable_parallel_tool_use",
        ["tools[].function"] = "tools[]",
        ["tools[].function.parameters"] = "tools[].input_schema",
        ["tool_choice.function"] = "tool_choice",
        ["stream_options"] = "stream",
    };

    private static readonly Dictionary<string, string> WithThinking = With("thinking");
    private static readonly Dictionary<string, string> WithEffort = With("output_config.effort");

    /// <summary>The names for a request that has become a chat request.</summary>
    public static MemberNames Of(JsonObject request)
    {
        var members = JsonElements.MembersOf(JsonBytes.ElementOf(request));
        return new MemberNames(
            request, ReasoningReader.IsEffortNamed(request) ? WithEffort : WithThinking, conversation: "messages",
            TurnReader.OriginsOf(members));
    }

    private static Dictionary<string, string> With(string effort) =>
        new(Members, StringComparer.Ordinal) { ["reasoning_effort"] = effort };
}
