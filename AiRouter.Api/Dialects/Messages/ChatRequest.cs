using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// The chat request that means what a Messages request does. Members that both APIs call the same, and those that neither knows,
/// pass as they are; what only Anthropic's servers can do is refused by its name.
/// </summary>
internal static class ChatRequest
{
    /// <summary>Say how Anthropic keeps and bills a prompt: nothing of the answer hangs on them.</summary>
    private static readonly string[] WithoutEffect = ["cache_control", "inference_geo"];

    /// <summary>Are done by Anthropic's servers: tools, files and containers that are there.</summary>
    private static readonly string[] ServerSide = ["mcp_servers", "container"];

    /// <summary>The request; problems are in the reader.</summary>
    public static JsonObject From(MemberReader reader)
    {
        var chat = new JsonObject();
        Copy(reader, "model", chat, "model");
        var messages = TurnReader.ReadAll(reader);
        chat["messages"] = messages;
        Copy(reader, "max_tokens", chat, "max_completion_tokens");
        ReadStop(reader, chat);
        ReadStream(reader, chat);
        ReadUser(reader, chat);
        ReadServiceTier(reader, chat);
        ReasoningReader.Read(reader, chat);
        ToolReader.Read(reader, chat);
        Refuse(reader);
        foreach (var name in WithoutEffect)
        {
            reader.Take(name);
        }

        foreach (var (name, value) in reader.Rest)
        {
            // Nothing of ours is set twice: a member of chat's own name, in a request that has Anthropic's too, is the less certain one.
            if (!chat.ContainsKey(name))
            {
                chat[name] = JsonElements.ToNode(value);
            }
        }

        return chat;
    }

    private static void Copy(MemberReader reader, string from, JsonObject to, string name)
    {
        if (reader.Take(from) is { } value)
        {
            to[name] = JsonElements.ToNode(value);
        }
    }

    private static void ReadStop(MemberReader reader, JsonObject chat)
    {
        switch (reader.Take("stop_sequences"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } list:
                if (list.GetArrayLength() > 0)
                {
                    chat["stop"] = JsonElements.ToNode(list);
                }

                break;
            case { } other:
                reader.FailType("stop_sequences", "a list of strings", other);
                break;
        }
    }

    private static void ReadStream(MemberReader reader, JsonObject chat)
    {
        if (reader.Flag("stream") is { } stream)
        {
            chat["stream"] = stream;
            if (stream)
            {
                chat["stream_options"] = new JsonObject { ["include_usage"] = true };
            }
        }
    }

    private static void ReadUser(MemberReader reader, JsonObject chat)
    {
        switch (reader.Take("metadata"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Object } metadata:
                var user = metadata.TryGetProperty("user_id", out var id) ? reader.TextOf(id, "metadata.user_id") : null;
                if (user is { Length: > 0 })
                {
                    chat["user"] = user;
                }

                break;
            case { } other:
                reader.FailType("metadata", "an object", other);
                break;
        }
    }

    /// <summary>Anthropic's <c>standard_only</c> is what OpenAI calls <c>default</c>: never the paid priority.</summary>
    private static void ReadServiceTier(MemberReader reader, JsonObject chat)
    {
        if (reader.TextOf(reader.Take("service_tier"), "service_tier") is { } tier)
        {
            chat["service_tier"] = tier == "standard_only" ? "default" : tier;
        }
    }

    private static void Refuse(MemberReader reader)
    {
        foreach (var name in ServerSide)
        {
            if (reader.Take(name) is { } value && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            {
                reader.Fail(
                    name, $"Unsupported parameter: '{name}' is served by Anthropic's own servers only, and the model is not there.",
                    ErrorCause.UnsupportedParameter);
            }
        }
    }
}
