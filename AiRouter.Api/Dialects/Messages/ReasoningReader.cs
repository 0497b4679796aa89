using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// Reads <c>thinking</c> and <c>output_config</c>. Chat has one word for how much a model thinks, <c>reasoning_effort</c>: an effort that
/// the client names is that word, a budget of tokens becomes the nearest one, and <c>disabled</c> is <c>none</c>. <c>adaptive</c> leaves
/// it to the model, as a request without the member does.
/// </summary>
internal static class ReasoningReader
{
    private const int MostOfLow = 4096;
    private const int MostOfMedium = 16384;

    /// <summary>Adds <c>reasoning_effort</c> and <c>response_format</c>, where the request asks for them.</summary>
    public static void Read(MemberReader reader, JsonObject chat)
    {
        var effort = ReadOutput(reader, chat);
        var thinking = ReadThinking(reader);
        if ((thinking == "none" ? thinking : effort ?? thinking) is { } asked)
        {
            chat["reasoning_effort"] = asked;
        }
    }

    /// <summary>Whether it is <c>output_config</c> that says what <c>reasoning_effort</c> of the chat request is.</summary>
    public static bool IsEffortNamed(JsonObject request) =>
        request["output_config"] is JsonObject output && output["effort"] is not null &&
        !(request["thinking"] is JsonObject thinking && thinking["type"] is JsonValue type && type.TryGetValue(out string? kind) &&
            kind == "disabled");

    private static string? ReadOutput(MemberReader reader, JsonObject chat)
    {
        if (reader.Take("output_config") is not { } output)
        {
            return null;
        }

        if (output.ValueKind != JsonValueKind.Object)
        {
            reader.FailType("output_config", "an object", output);
            return null;
        }

        if (output.TryGetProperty("format", out var format) && format.ValueKind != JsonValueKind.Null)
        {
            ReadFormat(reader, format, chat);
        }

        return output.TryGetProperty("effort", out var effort) ? reader.TextOf(effort, "output_config.effort") : null;
    }

    private static void ReadFormat(MemberReader reader, JsonElement format, JsonObject chat)
    {
        const string Path = "output_config.format";
        if (format.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(Path, "an object", format);
        }
        else if (JsonElements.TextIn(format, "type") != "json_schema")
        {
            reader.Fail($"{Path}.type", $"Invalid value for '{Path}.type': expected 'json_schema'.");
        }
        else if (JsonElements.In(format, "schema", JsonValueKind.Object) is not { ValueKind: JsonValueKind.Object } schema)
        {
            reader.Fail($"{Path}.schema", $"Missing required parameter: '{Path}.schema'.");
        }
        else
        {
            chat["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject
                {
                    ["name"] = "answer",
                    ["schema"] = JsonElements.ToNode(schema),
                    ["strict"] = true,
                },
            };
        }
    }

    private static string? ReadThinking(MemberReader reader)
    {
        if (reader.Take("thinking") is not { } thinking)
        {
            return null;
        }

        if (thinking.ValueKind != JsonValueKind.Object)
        {
            reader.FailType("thinking", "an object", thinking);
            return null;
        }

        switch (JsonElements.TextIn(thinking, "type"))
        {
            case "disabled":
                return "none";
            case "adaptive":
                return null;
            case "enabled":
                return ReadBudget(reader, thinking);
            default:
                reader.Fail(
                    "thinking.type", "Invalid value for 'thinking.type': expected one of 'enabled', 'disabled' and 'adaptive'.");
                return null;
        }
    }

    private static string? ReadBudget(MemberReader reader, JsonElement thinking)
    {
        const string Path = "thinking.budget_tokens";
        if (!thinking.TryGetProperty("budget_tokens", out var budget) || budget.ValueKind == JsonValueKind.Null)
        {
            return "medium";
        }

        if (budget.ValueKind != JsonValueKind.Number || !budget.TryGetInt64(out var tokens) || tokens < 0)
        {
            reader.Fail(Path, $"Invalid '{Path}': expected an integer of at least 0.");
            return null;
        }

        return tokens <= MostOfLow ? "low" : tokens <= MostOfMedium ? "medium" : "high";
    }
}
