using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>
/// The Messages request that means what a chat request does. What Anthropic's API has no word for is refused by its name or left out
/// (R11); members that are Anthropic's own pass as they are.
/// </summary>
internal static class MessagesRequest
{
    private const int MostStops = 16;
    private const int MostStopBytes = 1024;
    private const int MostTopLogProbs = 20;

    /// <summary>The API's members that chat does not have: a client that sends one means it.</summary>
    private static readonly string[] Own =
        ["thinking", "output_config", "top_k", "container", "context_management", "mcp_servers", "inference_geo", "cache_control"];

    private static readonly ServerConfig Standard = new();

    /// <summary>The request; problems are in the reader.</summary>
    /// <param name="reader">The members of the chat request.</param>
    /// <param name="unsupported">What becomes of what cannot be done.</param>
    public static JsonObject From(MemberReader reader, UnsupportedList unsupported)
    {
        var context = new RequestContext(reader, unsupported);
        var request = new JsonObject();
        if (reader.Take("model") is { } model)
        {
            request["model"] = JsonElements.ToNode(model);
        }

        // Required there. The router has set its own limit already (R9), unless the configuration takes the name away.
        var newName = reader.Integer("max_completion_tokens", 1);
        var oldName = reader.Integer("max_tokens", 1);
        request["max_tokens"] = newName ?? oldName ?? Standard.DefaultMaxTokens;
        Conversation.Read(context, request);
        foreach (var name in Own)
        {
            if (reader.Take(name) is { } value)
            {
                request[name] = JsonElements.ToNode(value);
            }
        }

        ReadSampling(context, request);
        ReadUser(context, request);
        OutputSettings.Read(context, request);
        ToolSettings.Read(context, request);
        ReadRest(context);
        return request;
    }

    private static void ReadSampling(RequestContext context, JsonObject request)
    {
        var reader = context.Reader;
        if (reader.Number("temperature", 0, 2) is { } temperature)
        {
            if (temperature <= 1)
            {
                request["temperature"] = temperature;
            }
            else
            {
                context.Unsupported("temperature", "it takes 0 to 1");
            }
        }

        if (reader.Number("top_p", 0, 1) is { } topP)
        {
            request["top_p"] = topP;
        }

        if (reader.Words("stop", MostStops, MostStopBytes) is { Count: > 0 } stop)
        {
            request["stop_sequences"] = new JsonArray([.. stop.Select(static s => (JsonNode)s)]);
        }

        if (reader.Flag("stream") is { } stream)
        {
            request["stream"] = stream;
        }

        ReadNeutral(context);
    }

    /// <summary>What there is no word for, unless it asks for nothing (R11).</summary>
    private static void ReadNeutral(RequestContext context)
    {
        var reader = context.Reader;
        if (reader.Integer("n", 1) > 1)
        {
            context.Unsupported("n");
        }

        foreach (var name in (ReadOnlySpan<string>)["presence_penalty", "frequency_penalty"])
        {
            if (reader.Number(name, -2, 2) is not (null or 0))
            {
                context.Unsupported(name);
            }
        }

        if (reader.Flag("logprobs") ?? false)
        {
            context.Unsupported("logprobs");
        }

        if (reader.Integer("top_logprobs", 0, MostTopLogProbs) is > 0)
        {
            context.Unsupported("top_logprobs");
        }
    }

    private static void ReadUser(RequestContext context, JsonObject request)
    {
        var user = context.Reader.TextOf(context.Reader.Take("user"), "user");
        var id = context.Reader.TextOf(context.Reader.Take("safety_identifier"), "safety_identifier");
        if ((id ?? user) is { Length: > 0 } known)
        {
            request["metadata"] = new JsonObject { ["user_id"] = known };
        }
    }

    private static void ReadRest(RequestContext context)
    {
        foreach (var (name, value) in context.Reader.Rest)
        {
            if (!PassiveParameters.IsWithoutEffect(name, value))
            {
                context.Unsupported(name);
            }
        }
    }
}
