using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Admin.Management.Playground;

/// <summary>A chat request as the playground sends it and its examples show it. What is not set is not sent.</summary>
public sealed record ChatRequest
{
    // People read it: what needs no escape has none.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>The public name.</summary>
    public required string Model { get; init; }

    /// <summary>What the model is told first.</summary>
    public string System { get; init; } = "";

    /// <summary>What was said.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Whether the answer comes as it is made.</summary>
    public bool Stream { get; init; } = true;

    /// <summary>How much chance there is.</summary>
    public double? Temperature { get; init; }

    /// <summary>The share of the likeliest tokens that is drawn from.</summary>
    public double? TopP { get; init; }

    /// <summary>The most tokens of the answer.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Begins the same chance again.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts at which the answer ends.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How long the model thinks.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>What form the answer has.</summary>
    public JsonObject? ResponseFormat { get; init; }

    /// <summary>What the model may call.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Whether it has to.</summary>
    public string? ToolChoice { get; init; }

    /// <summary>Members that the form does not know.</summary>
    public JsonObject? More { get; init; }

    /// <summary>The body.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["model"] = Model };
        var messages = new JsonArray();
        if (System.Length > 0)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = System });
        }

        foreach (var message in Messages)
        {
            messages.Add((JsonNode)message.ToJson());
        }

        json["messages"] = messages;
        Set("temperature", Temperature);
        Set("top_p", TopP);
        Set("max_completion_tokens", MaxTokens);
        Set("seed", Seed);
        Set("stop", Stop.Count == 0 ? null : new JsonArray([.. Stop.Select(static s => (JsonNode)s)]));
        Set("reasoning_effort", ReasoningEffort);
        Set("response_format", ResponseFormat?.DeepClone());
        Set("tools", Tools?.DeepClone());
        Set("tool_choice", Tools is null ? null : ToolChoice);
        if (Stream)
        {
            json["stream"] = true;
            json["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        foreach (var (name, value) in More ?? [])
        {
            json[name] = value?.DeepClone();
        }

        return json;

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }

    /// <summary>The body as it is sent.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(ToJson(), Compact);

    /// <summary>JSON as people read it.</summary>
    public static string Readable(JsonNode? json) => json is null ? "null" : json.ToJsonString(Indented);
}
