namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: llama.com/docs/model-cards-and-prompt-formats/llama3_1 (JSON based tool calling, ipython), the chat_template
/// of meta-llama/Llama-3.2-11B-Vision-Instruct, vllm-project/vllm tests for the llama3_json parser.
/// </summary>
internal static class Llama3Transcripts
{
    public static Transcript[] All { get; } =
    [
        new("llama3", "JSON alone", """{"name": "get_weather", "parameters": {"city": "Paris"}}""",
            """call get_weather {"city": "Paris"}""")
            { Source = "meta-llama/Llama-3.2-11B-Vision-Instruct chat_template" },
        new("llama3", "with the marker",
            """<|python_tag|>{"name": "get_weather", "parameters": {"city": "Paris"}}<|eom_id|>""",
            """call get_weather {"city": "Paris"}""") { Source = "llama.com model cards, llama3_1" },
        new("llama3", "with a type", """{"type": "function", "name": "get_weather", "parameters": {"city": "Paris"}}""",
            """call get_weather {"city": "Paris"}""") { Source = "llama.com model cards, llama3_1" },
        new("llama3", "name under function", """{"type": "function", "function": "search", "parameters": {"q": "x"}}""",
            """call search {"q": "x"}""") { Source = "llama.com model cards, llama3_1" },
        new("llama3", "several with semicolons",
            """<|python_tag|>{"name": "search", "parameters": {"q": "a"}}; {"name": "get_time", "arguments": {"zone": "UTC"}};{"name":"get_time"}""",
            """call search {"q": "a"}""", """call get_time {"zone": "UTC"}""", "call get_time {}")
            { Source = "vllm-project/vllm tests/entrypoints/openai/tool_parsers/test_llama3_json_tool_parser.py" },
        new("llama3", "several without marker",
            """{"name": "search", "parameters": {"q": "a"}}; {"name": "get_time", "parameters": {}}""",
            """call search {"q": "a"}""", "call get_time {}")
            { Source = "vllm-project/vllm tests/entrypoints/openai/tool_parsers/test_llama3_json_tool_parser.py" },
        new("llama3", "indented",
            """

            {
                "name": "get_weather",
                "parameters": {
                    "city": "Paris"
                }
            }
            """,
            "call get_weather {\n        \"city\": \"Paris\"\n    }"),
        new("llama3", "second call unknown",
            """{"name": "get_time", "parameters": {}}; {"name": "nope", "parameters": {}}""",
            "call get_time {}", """content: ; {"name": "nope", "parameters": {}}"""),
        new("llama3", "code for the interpreter", "<|python_tag|>print(1)", "content: <|python_tag|>print(1)"),
        new("llama3", "an example in a text is no call", """Write {"name": "get_time", "parameters": {}} to call it.""",
            """content: Write {"name": "get_time", "parameters": {}} to call it."""),
        new("llama3", "plain text", "Hello.", "content: Hello."),
    ];
}
