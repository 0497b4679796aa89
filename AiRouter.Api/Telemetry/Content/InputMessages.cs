using System.Text.Json;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>The messages of a request: chat, legacy completions, responses, Anthropic's messages.</summary>
internal static class InputMessages
{
    private const string User = "user";

    /// <summary>All messages.</summary>
    public static void Write(MessageList list, JsonElement request)
    {
        foreach (var message in request.Items("messages"))
        {
            WriteMessage(list, message);
        }

        WritePrompts(list, request.Member("prompt"));
        switch (request.Member("input"))
        {
            case { ValueKind: JsonValueKind.String } input:
                list.Begin(User);
                list.Text(input.GetString());
                list.End();
                break;
            case { ValueKind: JsonValueKind.Array } input:
                foreach (var item in input.EnumerateArray())
                {
                    ResponseItems.WriteInput(list, item);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>What stands before the messages, where the API has a member of its own for it.</summary>
    public static void WriteInstructions(MessageList list, JsonElement request)
    {
        list.Text(request.Text("instructions"));
        list.Text(request.Text("system"));
        foreach (var block in request.Items("system"))
        {
            list.Text(block.Text("text"));
        }
    }

    /// <summary>The tools: those of chat have their members one level down.</summary>
    public static void WriteTools(MessageList list, JsonElement request)
    {
        foreach (var tool in request.Items("tools"))
        {
            list.Tool(tool.Member("function") ?? tool);
        }
    }

    /// <summary>The parts of a message, of the request or of an answer.</summary>
    public static void WriteParts(MessageList list, JsonElement message)
    {
        list.Text(message.Text("reasoning_content") ?? message.Text("reasoning"), "reasoning");
        switch (message.Member("content"))
        {
            case { ValueKind: JsonValueKind.String } text:
                list.Text(text.GetString());
                break;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray())
                {
                    WritePart(list, part);
                }

                break;
            default:
                break;
        }

        list.Text(message.Text("refusal"));
        foreach (var call in message.Items("tool_calls"))
        {
            var function = call.Member("function");
            list.Call(call.Text("id"), function?.Text("name"), function?.Text("arguments"));
        }

        if (message.Member("function_call") is { ValueKind: JsonValueKind.Object } legacy)
        {
            list.Call(id: null, legacy.Text("name"), legacy.Text("arguments"));
        }
    }

    /// <summary>A part of content, of chat, of responses or of Anthropic's messages.</summary>
    public static void WritePart(MessageList list, JsonElement part)
    {
        switch (part.Text("type"))
        {
            case "text" or "input_text" or "output_text":
                list.Text(part.Text("text"));
                break;
            case "refusal":
                list.Text(part.Text("refusal"));
                break;
            case "image_url":
                list.Media("image", part.Member("image_url")?.Text("url"));
                break;
            case "input_image":
                list.Media("image", part.Text("image_url") ?? part.Text("file_id"));
                break;
            case "input_audio":
                list.Media("audio", uri: null);
                break;
            case "thinking":
                list.Text(part.Text("thinking"), "reasoning");
                break;
            case "image":
                list.Media("image", part.Member("source")?.Text("url"));
                break;
            case "document":
                list.Media("file", part.Member("source")?.Text("url"));
                break;
            case "tool_use":
                list.Call(part.Text("id"), part.Text("name"), part.Text("input") ?? part.Member("input")?.GetRawText());
                break;
            case "tool_result":
                list.CallResponse(part.Text("tool_use_id"), ResponseItems.TextOf(part.Member("content")));
                break;
            case "file":
                list.Media("file", part.Member("file")?.Text("file_id"));
                break;
            case "input_file":
                list.Media("file", part.Text("file_url") ?? part.Text("file_id"));
                break;
            default:
                break;
        }
    }

    private static void WriteMessage(MessageList list, JsonElement message)
    {
        var role = message.Text("role") ?? User;
        list.Begin(role);
        if (role == "tool")
        {
            list.CallResponse(message.Text("tool_call_id"), ResponseItems.TextOf(message.Member("content")));
        }
        else
        {
            WriteParts(list, message);
        }

        list.End();
    }

    // Token ids are no text.
    private static void WritePrompts(MessageList list, JsonElement? prompt)
    {
        var prompts = prompt switch
        {
            { ValueKind: JsonValueKind.String } one => [one],
            { ValueKind: JsonValueKind.Array } many => many.EnumerateArray().Where(static p => p.ValueKind == JsonValueKind.String).ToArray(),
            _ => [],
        };
        foreach (var text in prompts)
        {
            list.Begin(User);
            list.Text(text.GetString());
            list.End();
        }
    }
}
