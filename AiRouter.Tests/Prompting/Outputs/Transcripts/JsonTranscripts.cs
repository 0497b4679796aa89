namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: the chat_template of MadeAgents/Hammer2.1 (json), of ibm-granite/granite-3.0-8b-instruct and later, of
/// CohereForAI/c4ai-command-r-v01 (tool_use) and CohereLabs/command-a-reasoning-08-2025.
/// </summary>
internal static class JsonTranscripts
{
    public static Transcript[] All { get; } =
    [
        new("json", "a list", """[{"name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather {"city": "Paris"}""") { Source = "MadeAgents/Hammer2.1 chat_template" },
        new("json", "a list of two",
            """
            [
                {"name": "get_weather", "arguments": {"city": "Paris"}},
                {"name": "get_time", "arguments": {}}
            ]
            """,
            """call get_weather {"city": "Paris"}""", "call get_time {}")
            { Source = "MadeAgents/Hammer2.1 chat_template" },
        new("json", "in a fenced block", "```json\n[{\"name\": \"get_time\", \"arguments\": {}}]\n```",
            "call get_time {}")
            { Source = "MadeAgents/Hammer2.1 chat_template" },
        new("json", "one object", """{"name": "search", "arguments": {"q": "x"}}""", """call search {"q": "x"}""")
            { Source = "docs.vllm.ai features/tool_calling" },
        new("json", "what guided decoding yields", """[{"name": "search", "parameters": {"q": "x"}}]""",
            """call search {"q": "x"}""")
            { Source = "vllm-project/vllm tests/tool_use/test_tool_choice_required.py" },
        new("json", "text around", "[{\"name\": \"get_time\"}] Done.", "call get_time {}", "content:  Done."),
        new("json", "a list that is no call", """[{"city": "Paris"}]""", """content: [{"city": "Paris"}]"""),
        new("json", "a fenced block that is no call", "```json\n{\"a\": 1}\n```", "content: ```json\n{\"a\": 1}\n```"),
        new("json", "code", "```\nprint(1)\n```", "content: ```\nprint(1)\n```"),

        new("granite", "3.0", """<|tool_call|>[{"name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather {"city": "Paris"}""") { Source = "ibm-granite/granite-3.0-8b-instruct chat_template" },
        new("granite", "3.1", """<tool_call>[{"name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather {"city": "Paris"}""") { Source = "ibm-granite/granite-3.1-8b-instruct chat_template" },
        new("granite", "two calls",
            """<|tool_call|> [{"name": "get_time", "arguments": {}}, {"name": "search", "arguments": {"q": "x"}}]""",
            "call get_time {}", """call search {"q": "x"}""")
            { Source = "ibm-granite/granite-3.0-8b-instruct chat_template" },
        new("granite", "marker swallowed", """[{"name": "get_time", "arguments": {}}]""", "call get_time {}")
            { Source = "vllm-project/vllm granite_tool_parser.py" },
        new("granite", "4.0", "<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>",
            "call get_time {}")
            { Source = "ibm-granite/granite-4.0-h-small chat_template" },
        new("granite", "no list", "<|tool_call|>get_time()", "content: <|tool_call|>get_time()"),

        .. Command("command-r"),
        .. Command("command-a"),
    ];

    private static Transcript[] Command(string name) =>
    [
        new(name, "Command R",
            """
            Action: ```json
            [
                {
                    "tool_name": "search",
                    "parameters": {
                        "query": "x"
                    }
                }
            ]```
            """,
            "call search {\n            \"query\": \"x\"\n        }")
            { Source = "CohereForAI/c4ai-command-r-v01 chat_template tool_use" },
        new(name, "Command R, two calls",
            "Action: ```json\n[{\"tool_name\": \"search\", \"parameters\": {\"q\": 1}}, {\"tool_name\": " +
            "\"get_time\", \"parameters\": {}}]\n```",
            "call search {\"q\": 1}", "call get_time {}")
            { Source = "CohereForAI/c4ai-command-r-v01 chat_template tool_use" },
        new(name, "Command A",
            """
            <|START_ACTION|>[
                {"tool_call_id": "0", "tool_name": "search", "parameters": {"q": "x"}}
            ]<|END_ACTION|>
            """,
            """call search {"q": "x"}""") { Source = "CohereLabs/command-a-reasoning-08-2025 chat_template" },
        new(name, "Command A, two calls",
            """
            <|START_ACTION|>[
                {"tool_call_id": "0", "tool_name": "search", "parameters": {"q": "x"}},
                {"tool_call_id": "1", "tool_name": "get_time", "parameters": {}}
            ]<|END_ACTION|>
            """,
            """call search {"q": "x"}""", "call get_time {}")
            { Source = "CohereLabs/command-a-reasoning-08-2025 chat_template" },
        new(name, "with a plan",
            "<|START_THINKING|>I will search.<|END_THINKING|><|START_ACTION|>[{\"tool_name\": " +
            "\"search\"}]<|END_ACTION|>",
            "reasoning: I will search.", "call search {}") { Reasoning = "command-a" },
        new(name, "markers swallowed", """[{"tool_call_id": "0", "tool_name": "get_time", "parameters": {}}]""",
            "call get_time {}")
            { Source = "CohereForAI/c4ai-command-r7b-12-2024 chat_template tool_use" },
        new(name, "a word in a text", "Action: take it.", "content: Action: take it."),
        new(name, "the tool that is none",
            "Action: ```json\n[{\"tool_name\": \"directly_answer\", \"parameters\": {}}]\n```",
            "content: Action: ```json\n[{\"tool_name\": \"directly_answer\", \"parameters\": {}}]\n```"),
    ];
}
