using AiRouter.TritonSimulator;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>
/// Models that are shown tools, by a template in which every message and call can be seen, and requests to them.
/// </summary>
internal static class ToolModels
{
    public const string Operation = "chat/completions";

    /// <summary>Two tools.</summary>
    public const string Tools = $"\"tools\":[{Weather},{Time}]";

    /// <summary>A call of the first as the models write it, and how they are made to.</summary>
    public const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>""";

    public const string Say = $"[[say:{Call}]]";

    private const string Weather =
        """
        {"type":"function","function":{"name":"weather","parameters":
         {"type":"object","properties":{"city":{"type":"string"}}}}}
        """;

    private const string Time = """{"type":"function","function":{"name":"time"}}""";

    /// <summary>ChatML, with the tools and calls as JSON.</summary>
    private const string Template =
        """
              {%- if tools %}TOOLS {{ tools | tojson }}{{ '\n' }}{% endif -%}
              {%- for m in messages -%}
              <|im_start|>{{ m.role }}{{ '\n' }}{{ m.content or '' }}
              {%- for c in m.tool_calls or [] -%}<tool_call>{{ c | tojson }}</tool_call>{%- endfor -%}
              <|im_end|>{{ '\n' }}
              {%- endfor -%}
              {%- if add_generation_prompt -%}<|im_start|>assistant{{ '\n' }}END{%- endif -%}
        """;

    /// <summary>A Triton whose models take no schema.</summary>
    public static SimulatorOptions Unguided => new() { Release = "v0.12.0" };

    /// <summary>Lines for <c>models</c>.</summary>
    public static string Yaml => string.Join(
        "\n",
        Model("hermes", "ensemble", "toolCalls: hermes"),
        Model("mixed", "ensemble, stream: always", "toolCalls: hermes"),
        Model("whole", "ensemble, stream: never", "toolCalls: hermes"),
        Model("vllm-tools", "vllm_model", "toolCalls: hermes"),
        Model("switched-off", "ensemble", "toolCalls: none"),
        "  unread: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: \"{{ tools }}{{ messages }}\" }",
        Model("thinking", "ensemble", "toolCalls: hermes", "<think>{{ '\\n' }}"));

    /// <summary>The lines of one model.</summary>
    public static string Model(string name, string target, string toolCalls, string end = "") =>
        $$"""
          {{name}}:
            targets: [ { backend: gpu, model: {{target}} } ]
            reasoning: think
            {{toolCalls}}
            promptFormat: |-
        {{Template.Replace("END", end, StringComparison.Ordinal)}}
        """;

    /// <summary>A request of one user message.</summary>
    public static string Ask(string content, bool stream, string members, string model = "hermes") => Chat(
        content,
        string.Join(
            ", ",
            new[] { members, stream ? "\"stream\":true, \"stream_options\":{\"include_usage\":true}" : "" }
                .Where(m => m.Length > 0)),
        model);

    /// <summary>Posts, expects 200, and reads the first choice.</summary>
    public static async Task<ReadMessage> AnswerAsync(TritonRouter router, string json)
    {
        var response = await router.RawAsync(Operation, json);
        Assert.True(response.Status == 200, response.Body);
        return ReadMessage.From(response.Body);
    }

    /// <summary>The prompt of the only generation; the backend may be asked for its tokens beside it.</summary>
    public static string PromptOf(TritonRouter router) =>
        (string)router.Sent.Single(s => s.Input("text_input") is not null).Input("text_input")!.Values[0]!;
}
