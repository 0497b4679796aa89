using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.PromptFormats;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.PromptFormats;

/// <summary>What is edited to see a prompt: a conversation in fields or as JSON, tools, and how the format is used.</summary>
public sealed class PreviewForm
{
    /// <summary>A tool to begin with.</summary>
    public const string ExampleTools =
        """
        [
          {
            "type": "function",
            "function": {
              "name": "get_weather",
              "description": "The weather in a city",
              "parameters": {
                "type": "object",
                "properties": { "city": { "type": "string" } },
                "required": ["city"]
              }
            }
          }
        ]
        """;

    // Variables by which templates are told to think, or not to: the first that a template reads is the one.
    private static readonly string[] ThinkingVariables = ["enable_thinking", "thinking"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The messages, in order.</summary>
    public List<PreviewMessage> Messages { get; } =
    [
        new() { Role = "system", Content = "You are a helpful assistant." },
        new() { Role = "user", Content = "What is the weather in Paris?" },
    ];

    /// <summary>The tools, as JSON; empty: none.</summary>
    public string Tools { get; set; } = "";

    /// <summary>Whether the prompt ends where the model's answer begins.</summary>
    public bool AddGenerationPrompt { get; set; } = true;

    /// <summary>Whether the model thinks before it answers; null: nothing is said about it.</summary>
    public bool? Thinking { get; set; }

    /// <summary>Whether the backend puts the first token before the prompt; null: as the model says.</summary>
    public bool? BackendAddsBos { get; set; }

    /// <summary>Whether special tokens in messages are made plain text.</summary>
    public bool Neutralize { get; set; }

    /// <summary>The token that begins a prompt, of a pasted template.</summary>
    public string Bos { get; set; } = "";

    /// <summary>The token that ends a turn, of a pasted template.</summary>
    public string Eos { get; set; } = "";

    /// <summary>The whole conversation as JSON, instead of the fields; null: the fields count.</summary>
    public string? Json { get; set; }

    /// <summary>The variable that tells a template to think; null: it reads none.</summary>
    public static string? ThinkingVariable(IReadOnlyList<string> variables) => ThinkingVariables.FirstOrDefault(variables.Contains);

    /// <summary>The fields as JSON, to be edited further.</summary>
    /// <param name="variables">What the template reads.</param>
    public string ToJson(IReadOnlyList<string> variables) =>
        Fields(variables) is { Value: { } request } ? request.ToJsonString(Readable) : "{\n  \"messages\": []\n}";

    /// <summary>Goes back from JSON to the fields, if they can hold it.</summary>
    /// <returns>What they cannot hold; null: the fields count again.</returns>
    public string? TakeJson()
    {
        if (Json is null || Parse<JsonObject>(Json, "", "").Value is not { } request)
        {
            return Json is null ? null : "what is no JSON object";
        }

        if (request.FirstOrDefault(static m => m.Key is not ("messages" or "tools" or "add_generation_prompt" or "chat_template_kwargs")).Key is { } other)
        {
            return other;
        }

        var thinking = request["chat_template_kwargs"] as JsonObject;
        if (thinking is not null && (thinking.Count != 1 || !ThinkingVariables.Contains(thinking.First().Key) || !IsFlag(thinking.First().Value)))
        {
            return "chat_template_kwargs";
        }

        var messages = request["messages"] as JsonArray ?? [];
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i] is not JsonObject { Count: 2 } message || !IsText(message["content"]) || !IsText(message["role"]) ||
                !PreviewMessage.Roles.Contains((string?)message["role"]))
            {
                return $"messages[{i}]";
            }
        }

        Messages.Clear();
        Messages.AddRange(messages.Select(static m => new PreviewMessage { Role = (string)m!["role"]!, Content = (string)m["content"]! }));
        Tools = request["tools"] is JsonArray { Count: > 0 } tools ? tools.ToJsonString(Readable) : "";
        Thinking = thinking?.First().Value!.GetValue<bool>();
        AddGenerationPrompt = !IsFlag(request["add_generation_prompt"]) || request["add_generation_prompt"]!.GetValue<bool>();
        Json = null;
        return null;
    }

    /// <summary>What is asked for, or what is wrong with a field.</summary>
    /// <param name="format">A format's name; null: <paramref name="template"/> or <paramref name="model"/>.</param>
    /// <param name="template">A pasted template.</param>
    /// <param name="model">A model's name: its settings count.</param>
    /// <param name="variables">What the template reads, as far as is known.</param>
    internal Outcome<FormatPreviewRequest> ToRequest(string? format, string? template, string? model, IReadOnlyList<string> variables)
    {
        var request = Json is { } json ? Parse<JsonObject>(json, "The conversation", "an object with messages") : Fields(variables);
        return request.Failure is { } wrong ? wrong : new FormatPreviewRequest
        {
            Format = model is null ? format : null,
            Template = model is null ? template : null,
            Model = model,
            Prompt = model is not null ? null : new PromptConfig
            {
                Bos = format is null && Bos.Length > 0 ? Bos : null,
                Eos = format is null && Eos.Length > 0 ? Eos : null,
                NeutralizeSpecialTokens = Neutralize,
            },
            BackendAddsBos = BackendAddsBos,
            Request = request.Value,
        };
    }

    private Outcome<JsonObject> Fields(IReadOnlyList<string> variables)
    {
        var request = new JsonObject
        {
            ["messages"] = new JsonArray([.. Messages.Select(static m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]),
        };
        if (!string.IsNullOrWhiteSpace(Tools))
        {
            var tools = Parse<JsonArray>(Tools, "The tools", "a list, such as [{\"type\": \"function\", …}]");
            if (tools.Failure is { } wrong)
            {
                return wrong;
            }

            request["tools"] = tools.Value;
        }

        if (Thinking is { } thinking && ThinkingVariable(variables) is { } variable)
        {
            request["chat_template_kwargs"] = new JsonObject { [variable] = thinking };
        }

        request["add_generation_prompt"] = AddGenerationPrompt;
        return request;
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsFlag(JsonNode? node) => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    private static Outcome<T> Parse<T>(string json, string what, string wanted)
        where T : JsonNode
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Strict) is T node
                ? node
                : new ManagementFailure(FailureKind.Invalid, $"{what} must be {wanted}.");
        }
        catch (JsonException broken)
        {
            return new ManagementFailure(FailureKind.Invalid, broken.LineNumber is { } line
                ? $"{what}: this is not JSON. Look at line {line + 1}, column {broken.BytePositionInLine + 1}."
                : $"{what}: {broken.Message}");
        }
    }
}
