namespace AiRouter.Tests.EndToEnd;

/// <summary>Models that are shown tools, by a template in which every message and call can be seen.</summary>
internal static class ToolModels
{
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

    /// <summary>Lines for <c>models</c>.</summary>
    public static string Yaml => string.Join(
        "\n",
        Model("hermes", "ensemble", "toolCalls: hermes"),
        Model("mixed", "ensemble, stream: always", "toolCalls: hermes"),
        Model("whole", "ensemble, stream: never", "toolCalls: hermes"),
        Model("vllm-tools", "vllm_model", "toolCalls: hermes"),
        Model("switched-off", "ensemble", "toolCalls: none"),
        "  unread: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: \"{{ tools | tojson }}{{ messages[0].content }}\" }",
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
}
