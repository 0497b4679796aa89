using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Makes the chunks of a whole chat or legacy completion: role, reasoning, content in pieces, tool calls by header and
/// arguments, the rest of the message, the finish reason, the usage if it was asked for, <c>[DONE]</c>.
/// </summary>
internal sealed class ChatSplitter(JsonObject answer, Exchange exchange, IBufferWriter<byte> output)
{
    private const long MaxLength = 512 * 1024 * 1024;

    private static readonly string[] TextMembers = ["reasoning_content", "reasoning", "content", "refusal"];

    private readonly bool _isChat = exchange.Operation.Name != Operations.Completions;
    private long _written;

    /// <summary>Writes all frames.</summary>
    public ApiError? Write()
    {
        foreach (var choice in (answer["choices"] as JsonArray)!.OfType<JsonObject>().OrderBy(Index))
        {
            if (_isChat)
            {
                WriteMessage(choice);
            }
            else
            {
                WriteText(choice);
            }
        }

        if (exchange.Facts.IncludeUsage)
        {
            WriteChunk([], answer["usage"]?.DeepClone() ?? JsonNode.Parse(UsageText.Of(exchange.Usage)));
        }

        output.Write("data: [DONE]\n\n"u8);
        return null;
    }

    private static int Index(JsonObject choice) =>
        choice["index"]?.GetValueKind() == JsonValueKind.Number ? (int)choice["index"]! : 0;

    private void WriteMessage(JsonObject choice)
    {
        var message = choice["message"] as JsonObject ?? [];
        var calls = message["tool_calls"] as JsonArray;
        var logprobs = choice["logprobs"] as JsonObject;
        WriteDelta(choice, new JsonObject
        {
            ["role"] = message["role"]?.DeepClone() ?? "assistant",
            ["content"] = calls is { Count: > 0 } && message["content"] is null ? null : "",
            ["refusal"] = null,
        }, logprobs is null ? null : new JsonObject { ["content"] = new JsonArray(), ["refusal"] = null });
        foreach (var name in TextMembers)
        {
            // Text and its logprobs belong together, so a text with logprobs stays in one piece.
            var takesLogprobs = name == "content" && logprobs is not null;
            var text = Text(message[name]) ?? "";
            foreach (var piece in takesLogprobs ? [text] : TextPieces.Of(text))
            {
                WriteDelta(choice, new JsonObject { [name] = piece }, takesLogprobs ? logprobs!.DeepClone() : null);
            }
        }

        WriteRest(choice, message);
        WriteToolCalls(choice, calls);
        WriteDelta(choice, [], null, choice["finish_reason"]!.DeepClone());
    }

    private void WriteRest(JsonObject choice, JsonObject message)
    {
        var rest = new JsonObject();
        foreach (var (name, value) in message)
        {
            if (value is not null && !TextMembers.Contains(name) && name is not ("role" or "tool_calls"))
            {
                rest[name] = value.DeepClone();
            }
        }

        if (rest.Count > 0)
        {
            WriteDelta(choice, rest, null);
        }
    }

    private void WriteToolCalls(JsonObject choice, JsonArray? calls)
    {
        foreach (var (index, call) in calls?.OfType<JsonObject>().Index() ?? [])
        {
            var head = (JsonObject)call.DeepClone();
            var kind = head["custom"] is JsonObject ? "custom" : "function";
            var field = kind == "custom" ? "input" : "arguments";
            var function = head[kind] as JsonObject ?? [];
            var arguments = Text(function[field]) ?? function[field]?.ToJsonString() ?? "";
            function[field] = "";
            head["index"] = index;
            head["type"] ??= kind;
            WriteDelta(choice, new JsonObject { ["tool_calls"] = new JsonArray(head) }, null);
            foreach (var piece in TextPieces.Of(arguments))
            {
                var part = new JsonObject { ["index"] = index, [kind] = new JsonObject { [field] = piece } };
                WriteDelta(choice, new JsonObject { ["tool_calls"] = new JsonArray(part) }, null);
            }
        }
    }

    private void WriteText(JsonObject choice)
    {
        var logprobs = choice["logprobs"];
        var text = Text(choice["text"]) ?? "";
        foreach (var piece in logprobs is null ? TextPieces.Of(text) : [text])
        {
            WriteChoice(choice, "text", piece, logprobs?.DeepClone(), null);
        }

        WriteChoice(choice, "text", "", null, choice["finish_reason"]!.DeepClone());
    }

    private void WriteDelta(JsonObject choice, JsonObject delta, JsonNode? logprobs, JsonNode? finishReason = null) =>
        WriteChoice(choice, "delta", delta, logprobs, finishReason);

    private void WriteChoice(JsonObject choice, string name, JsonNode content, JsonNode? logprobs, JsonNode? finishReason) =>
        WriteChunk(
            [
                (JsonNode)new JsonObject
                {
                    ["index"] = Index(choice),
                    [name] = content,
                    ["logprobs"] = logprobs,
                    ["finish_reason"] = finishReason,
                },
            ],
            null);

    private void WriteChunk(JsonArray choices, JsonNode? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = answer["id"]?.DeepClone(),
            ["object"] = _isChat ? "chat.completion.chunk" : "text_completion",
            ["created"] = answer["created"]?.DeepClone(),
            ["model"] = answer["model"]!.DeepClone(),
        };
        foreach (var (name, value) in answer)
        {
            if (value is not null && name is not ("id" or "object" or "created" or "model" or "choices" or "usage"))
            {
                chunk[name] = value.DeepClone();
            }
        }

        chunk["choices"] = choices;
        if (exchange.Facts.IncludeUsage)
        {
            chunk["usage"] = usage;
        }

        var json = JsonBytes.RelaxedOf(chunk);
        _written += json.Length;
        if (_written > MaxLength)
        {
            throw new FormatException("The members that all chunks repeat make the stream too large.");
        }

        output.Write("data: "u8);
        output.Write(json);
        output.Write("\n\n"u8);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string)node! : null;
}
