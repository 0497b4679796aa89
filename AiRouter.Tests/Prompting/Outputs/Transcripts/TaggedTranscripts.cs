namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: the chat_template of Qwen/Qwen3-Coder-30B-A3B-Instruct, Qwen/Qwen3.5-4B,
/// ByteDance-Seed/Seed-OSS-36B-Instruct, zai-org/GLM-4.5 and zai-org/GLM-5.1; vllm-project/vllm
/// tests/tool_use/test_qwen3coder_tool_parser.py and test_glm4_moe_tool_parser.py.
/// </summary>
internal static class TaggedTranscripts
{
    public const string Tools =
        """
        [{"type": "function", "function": {"name": "send_mail", "parameters": {"type": "object", "properties": {
            "to": {"type": "string"}, "count": {"type": "integer"}, "urgent": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}}, "meta": {"type": "object"},
            "note": {"anyOf": [{"type": "null"}, {"type": "string"}]}, "size": {"type": ["number", "null"]},
            "level": {"enum": ["1", "2"]}}}}}]
        """;

    public static Transcript[] All { get; } =
    [
        new("qwen3-coder", "one call",
            """
            <tool_call>
            <function=get_weather>
            <parameter=city>
            Paris
            </parameter>
            <parameter=days>
            3
            </parameter>
            </function>
            </tool_call>
            """,
            """call get_weather {"city": "Paris", "days": 3}""")
            { Source = "Qwen/Qwen3-Coder-30B-A3B-Instruct chat_template" },
        new("qwen3-coder", "two calls behind text",
            """
            I look.

            <tool_call>
            <function=get_weather>
            <parameter=city>
            Paris
            </parameter>
            </function>
            </tool_call>
            <tool_call>
            <function=get_time>
            </function>
            </tool_call>
            """,
            "content: I look.\n\n", """call get_weather {"city": "Paris"}""", "call get_time {}")
            { Source = "Qwen/Qwen3.5-4B chat_template" },
        new("qwen3-coder", "outer marker missing",
            "<function=search>\n<parameter=q>\nx\n</parameter>\n</function>\n</tool_call>",
            """call search {"q": "x"}""")
            { Source = "vllm-project/vllm tests/tool_use/test_qwen3coder_tool_parser.py" },
        new("qwen3-coder", "values by the schema",
            """
            <tool_call>
            <function=send_mail>
            <parameter=to>
            5
            </parameter>
            <parameter=count>
            5
            </parameter>
            <parameter=urgent>
            True
            </parameter>
            <parameter=tags>
            ["a", "b"]
            </parameter>
            <parameter=note>
            [draft]
            </parameter>
            <parameter=size>
            None
            </parameter>
            <parameter=level>
            1
            </parameter>
            </function>
            </tool_call>
            """,
            """call send_mail {"to": "5", "count": 5, "urgent": true, "tags": ["a", "b"], "note": "[draft]", "size": null, "level": "1"}""")
            { Source = "Qwen/Qwen3.5-4B chat_template", ToolsJson = Tools },
        new("qwen3-coder", "lines in a string",
            "<tool_call>\n<function=send_mail>\n<parameter=to>\n\na " +
            "\"b\"\n</para\n\\\n\n</parameter>\n</function>\n</tool_call>",
            """call send_mail {"to": "\na \"b\"\n</para\n\\\n"}""")
            { Source = "vllm-project/vllm tests/tool_use/test_qwen3coder_tool_parser.py", ToolsJson = Tools },
        new("qwen3-coder", "Seed-OSS",
            "<seed:tool_call>\n<function=search>\n<parameter=q>x</parameter>\n</function>\n</seed:tool_call>",
            """call search {"q": "x"}""") { Source = "ByteDance-Seed/Seed-OSS-36B-Instruct chat_template" },
        new("qwen3-coder", "values without a schema",
            "<function=search><parameter=a>{\"x\": 1}</parameter><parameter=b>[no](json)</parameter>" +
            "<parameter=c></parameter><parameter=d>1.5</parameter><parameter=e>2024-01-01</parameter></function>",
            """call search {"a": {"x": 1}, "b": "[no](json)", "c": "", "d": 1.5, "e": "2024-01-01"}"""),
        new("qwen3-coder", "a structure that breaks",
            "<function=send_mail><parameter=meta>{\"x\": oops}</parameter></function>",
            """cut send_mail {"meta": {"x": """, "content: oops}</parameter></function>") { ToolsJson = Tools },
        new("qwen3-coder", "a long value of unknown type",
            "<function=search><parameter=q>[" + new string('1', 9000) + "]</parameter></function>",
            "call search {\"q\": \"[" + new string('1', 9000) + "]\"}"),
        new("qwen3-coder", "unknown tool", "<tool_call>\n<function=nope>\n</function>\n</tool_call>",
            "content: <tool_call>\n<function=nope>\n</function>\n</tool_call>"),
        new("qwen3-coder", "text in a call", "<function=search>\noops</function>",
            "content: <function=search>\noops</function>"),
        new("qwen3-coder", "cut in a value", "<function=send_mail><parameter=to>ab", "cut send_mail {\"to\": \"ab")
            { ToolsJson = Tools },

        new("glm", "4.5",
            """
            <tool_call>get_weather
            <arg_key>city</arg_key>
            <arg_value>Beijing</arg_value>
            <arg_key>date</arg_key>
            <arg_value>2025-08-01</arg_value>
            </tool_call>
            """,
            """call get_weather {"city": "Beijing", "date": "2025-08-01"}""")
            { Source = "vllm-project/vllm tests/tool_use/test_glm4_moe_tool_parser.py" },
        new("glm", "two calls with text around",
            """
            I look.

            <tool_call>get_weather
            <arg_key>city</arg_key>
            <arg_value>Beijing</arg_value>
            </tool_call>

            and

            <tool_call>get_time
            </tool_call>
            """,
            "content: I look.\n\n", """call get_weather {"city": "Beijing"}""", "content: \n\nand\n\n",
            "call get_time {}")
            { Source = "vllm-project/vllm tests/tool_use/test_glm4_moe_tool_parser.py" },
        new("glm", "5.1", "<tool_call>search<arg_key>q</arg_key><arg_value>a b </arg_value></tool_call>",
            """call search {"q": "a b "}""") { Source = "zai-org/GLM-5.1 chat_template" },
        new("glm", "5.1, values that are JSON",
            "<tool_call>search<arg_key>l</arg_key><arg_value>[1, 2]</arg_value>" +
            "<arg_key>b</arg_key><arg_value>true</arg_value></tool_call><tool_call>get_time</tool_call>",
            """call search {"l": [1, 2], "b": true}""", "call get_time {}")
            { Source = "zai-org/GLM-5.1 chat_template" },
        new("glm", "values by the schema",
            "<tool_call>send_mail<arg_key>to</arg_key><arg_value>12</arg_value>" +
            "<arg_key>meta</arg_key><arg_value>{\"a\": [1, \"}\"]}</arg_value></tool_call>",
            """call send_mail {"to": "12", "meta": {"a": [1, "}"]}}""")
            { Source = "zai-org/GLM-5.1 chat_template", ToolsJson = Tools },
        new("glm", "behind the reasoning",
            "I want to.</think>\nSure.\n<tool_call>get_time\n</tool_call>",
            "reasoning: I want to.", "content: Sure.\n", "call get_time {}")
            { Reasoning = "glm", PromptEnd = "<|assistant|><think>", Source = "zai-org/GLM-5.1 chat_template" },
        new("glm", "unknown tool", "<tool_call>nope</tool_call>", "content: <tool_call>nope</tool_call>"),
        new("glm", "a key that does not end",
            "<tool_call>search\n<arg_key>a\n<arg_value>b</arg_value>\n</tool_call>",
            "content: <tool_call>search\n<arg_key>a\n<arg_value>b</arg_value>\n</tool_call>"),
        new("glm", "not ended", "<tool_call>get_time\n<arg_key>a</arg_key><arg_value>b</arg_value>",
            """cut get_time {"a": "b" """.TrimEnd()),
    ];
}
