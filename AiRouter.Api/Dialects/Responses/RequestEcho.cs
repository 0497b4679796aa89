using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>The settings of a request, which every response repeats; with OpenAI's defaults where those say what was done.</summary>
internal sealed class RequestEcho
{
    private static readonly string[] AsGiven =
        ["instructions", "max_output_tokens", "max_tool_calls", "previous_response_id", "prompt_cache_key", "safety_identifier",
            "temperature", "top_p", "user"];

    private readonly JsonObject _request;
    private readonly JsonElement _members;

    /// <summary>Reads what is repeated.</summary>
    public RequestEcho(JsonObject request)
    {
        _request = request;
        var echo = new JsonObject { ["background"] = Given("background") is { ValueKind: JsonValueKind.True } };
        foreach (var name in AsGiven)
        {
            echo[name] = Given(name)?.ToNode();
        }

        echo["parallel_tool_calls"] = Given("parallel_tool_calls")?.ToNode() ?? true;
        echo["reasoning"] = Reasoning();
        echo["store"] = Given("store")?.ToNode() ?? false;
        echo["text"] = Text();
        echo["tool_choice"] = Given("tool_choice")?.ToNode() ?? "auto";
        echo["tools"] = Tools();
        echo["top_logprobs"] = Given("top_logprobs")?.ToNode() ?? 0;
        echo["truncation"] = Given("truncation")?.ToNode() ?? "disabled";
        echo["metadata"] = Given("metadata")?.ToNode() ?? new JsonObject();
        if (Conversation() is { } conversation)
        {
            echo["conversation"] = conversation;
        }

        Thought = ReasoningSettings.FormOf(Given("reasoning"), Given("include"));
        ServiceTier = Given("service_tier") is { ValueKind: JsonValueKind.String } tier ? tier.Text() : null;
        _members = JsonBytes.ElementOf(echo);
    }

    /// <summary>What was asked for.</summary>
    public string? ServiceTier { get; }

    /// <summary>How the client wants to have what the model thinks.</summary>
    public ThoughtForm Thought { get; }

    /// <summary>Writes the members.</summary>
    public void Write(Utf8JsonWriter json)
    {
        foreach (var member in _members.EnumerateObject())
        {
            member.WriteTo(json);
        }
    }

    private JsonElement? Given(string name) =>
        _request.TryGetPropertyValue(name, out var value) && value is not null ? JsonBytes.ElementOf(value) : null;

    private JsonObject Reasoning()
    {
        var reasoning = Given("reasoning") ?? default;
        return new JsonObject
        {
            ["effort"] = reasoning.Member("effort")?.ToNode(),
            ["summary"] = ReasoningSettings.SummaryIn(reasoning)?.ToNode(),
        };
    }

    private JsonObject Text()
    {
        var text = Given("text") ?? default;
        var echo = new JsonObject
        {
            ["format"] = text.Member("format") is { } format && !format.IsEmpty()
                ? format.ToNode()
                : new JsonObject { ["type"] = "text" },
        };
        if (text.Member("verbosity") is { } verbosity)
        {
            echo["verbosity"] = verbosity.ToNode();
        }

        return echo;
    }

    /// <summary>Clients may count on <c>parameters</c> and <c>strict</c> of a function.</summary>
    private JsonArray Tools()
    {
        var tools = new JsonArray();
        foreach (var tool in Given("tools") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            var isFunction = tool.TextMember("type") == "function" && tool.Member("name") is not null;
            if (!isFunction || (tool.TryGetProperty("parameters", out _) && tool.TryGetProperty("strict", out _)))
            {
                tools.Add(tool.ToNode());
                continue;
            }

            var full = new JsonObject();
            foreach (var member in tool.EnumerateObject())
            {
                full[member.Name] = member.Value.ToNode();
            }

            full.TryAdd("parameters", null);
            full.TryAdd("strict", null);
            tools.Add((JsonNode)full);
        }

        return tools;
    }

    private JsonObject? Conversation() => Given("conversation") switch
    {
        { ValueKind: JsonValueKind.String } id => new JsonObject { ["id"] = id.Text() },
        { ValueKind: JsonValueKind.Object } conversation => new JsonObject { ["id"] = conversation.Member("id")?.ToNode() },
        _ => null,
    };
}
