using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>
/// Reads <c>response_format</c> and <c>reasoning_effort</c>. A schema and an effort have words of their own (<c>output_config</c>); any
/// JSON object without a schema has none, and is refused: an answer in prose would be one to another question.
/// </summary>
internal static class OutputSettings
{
    /// <summary>Adds them to the request.</summary>
    public static void Read(RequestContext context, JsonObject request)
    {
        ReadFormat(context, request);
        ReadEffort(context, request);
    }

    private static void ReadFormat(RequestContext context, JsonObject request)
    {
        const string Path = "response_format";
        if (context.Reader.Take(Path) is not { } format)
        {
            return;
        }

        switch (JsonElements.TextIn(format, "type"))
        {
            case "text":
                break;
            case "json_schema":
                var outer = JsonElements.In(format, "json_schema", JsonValueKind.Object);
                var schema = JsonElements.In(outer, "schema", JsonValueKind.Object);
                if (schema.ValueKind == JsonValueKind.Object)
                {
                    Config(request)["format"] = new JsonObject { ["type"] = "json_schema", ["schema"] = JsonElements.ToNode(schema) };
                }
                else
                {
                    context.Reader.Fail($"{Path}.json_schema.schema", $"Missing required parameter: '{Path}.json_schema.schema'.");
                }

                break;
            default:
                context.Refuse(Path, "send a schema (json_schema)");
                break;
        }
    }

    private static void ReadEffort(RequestContext context, JsonObject request)
    {
        switch (context.Reader.TextOf(context.Reader.Take("reasoning_effort"), "reasoning_effort"))
        {
            case null:
                break;
            case "none":
                request["thinking"] ??= new JsonObject { ["type"] = "disabled" };
                break;
            case "minimal":
                Config(request)["effort"] ??= "low";
                break;
            case ("low" or "medium" or "high" or "xhigh" or "max") and var effort:
                Config(request)["effort"] ??= effort;
                break;
            default:
                context.Unsupported("reasoning_effort");
                break;
        }
    }

    private static JsonObject Config(JsonObject request)
    {
        if (request["output_config"] is not JsonObject config)
        {
            request["output_config"] = config = [];
        }

        return config;
    }
}
