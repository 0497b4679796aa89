using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Playground;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Playground;

/// <summary>What stands in the playground's fields. Ranges are the router's to check: what it says is what a client would be told.</summary>
public sealed class PlaygroundForm
{
    /// <summary>The public name.</summary>
    public string Model { get; set; } = "";

    /// <summary>What the model is told first.</summary>
    public string System { get; set; } = "";

    /// <summary>Whether the answer comes as it is made.</summary>
    public bool Stream { get; set; } = true;

    /// <summary>How much chance there is.</summary>
    public double? Temperature { get; set; }

    /// <summary>The share of the likeliest tokens that is drawn from.</summary>
    public double? TopP { get; set; }

    /// <summary>The most tokens of the answer.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Begins the same chance again.</summary>
    public long? Seed { get; set; }

    /// <summary>Texts at which the answer ends, one a line.</summary>
    public string Stop { get; set; } = "";

    /// <summary>How long the model thinks; empty: as it likes.</summary>
    public string ReasoningEffort { get; set; } = "";

    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string Format { get; set; } = "text";

    /// <summary>A JSON schema, for that format.</summary>
    public string Schema { get; set; } = "";

    /// <summary>A JSON array of tools.</summary>
    public string Tools { get; set; } = "";

    /// <summary>Whether the model has to call one; empty: as it likes.</summary>
    public string ToolChoice { get; set; } = "";

    /// <summary>A JSON object with members that have no field here.</summary>
    public string More { get; set; } = "";

    /// <summary>A tool to begin with.</summary>
    public const string ExampleTools = """
        [
          {
            "type": "function",
            "function": {
              "name": "get_weather",
              "description": "The weather in a city now.",
              "parameters": {
                "type": "object",
                "properties": { "city": { "type": "string" } },
                "required": ["city"]
              }
            }
          }
        ]
        """;

    /// <summary>A schema to begin with.</summary>
    public const string ExampleSchema = """
        {
          "type": "object",
          "properties": { "answer": { "type": "string" } },
          "required": ["answer"],
          "additionalProperties": false
        }
        """;

    /// <summary>The request, or everything that is wrong with the fields, by field.</summary>
    internal Outcome<ChatRequest> ToRequest(IReadOnlyList<ChatMessage> messages)
    {
        var problems = new List<ConfigurationProblem>();
        if (string.IsNullOrWhiteSpace(Model))
        {
            problems.Add(new ConfigurationProblem("model", "choose a model", null));
        }

        var tools = Json<JsonArray>("tools", Tools, "must be a JSON array of tools", problems);
        var more = Json<JsonObject>("more", More, "must be a JSON object, such as {\"top_k\": 20}", problems);
        var format = ReadFormat(problems);
        return problems.Count > 0 ? ManagementFailure.Invalid(problems) : new ChatRequest
        {
            Model = Model.Trim(),
            System = System.Trim(),
            Messages = messages,
            Stream = Stream,
            Temperature = Temperature,
            TopP = TopP,
            MaxTokens = MaxTokens,
            Seed = Seed,
            Stop = [.. Stop.ReplaceLineEndings("\n").Split('\n').Where(static s => s.Length > 0)],
            ReasoningEffort = ReasoningEffort.Length > 0 ? ReasoningEffort : null,
            ResponseFormat = format,
            Tools = tools is { Count: > 0 } ? tools : null,
            ToolChoice = ToolChoice.Length > 0 ? ToolChoice : null,
            More = more,
        };
    }

    private JsonObject? ReadFormat(List<ConfigurationProblem> problems)
    {
        if (Format == "json_object")
        {
            return new JsonObject { ["type"] = Format };
        }

        if (Format != "json_schema")
        {
            return null;
        }

        var schema = Json<JsonObject>("schema", Schema, "must be a JSON schema: an object", problems);
        if (schema is null && problems.All(static p => p.Path != "schema"))
        {
            problems.Add(new ConfigurationProblem("schema", "write the JSON schema that answers must have", null));
        }

        return new JsonObject
        {
            ["type"] = Format,
            ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = schema },
        };
    }

    private static T? Json<T>(string path, string text, string wrong, List<ConfigurationProblem> problems)
        where T : JsonNode
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(text) is T json)
            {
                return json;
            }

            problems.Add(new ConfigurationProblem(path, wrong, null));
        }
        catch (JsonException broken)
        {
            var place = $"line {broken.LineNumber + 1}, column {broken.BytePositionInLine + 1}";
            problems.Add(new ConfigurationProblem(path, $"is no JSON at {place}: {Reason(broken)}", null));
        }

        return null;
    }

    // The exception's text ends with the place, in its own words and counted from 0.
    private static string Reason(JsonException broken)
    {
        var end = broken.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? broken.Message : broken.Message[..end].TrimEnd();
    }
}
