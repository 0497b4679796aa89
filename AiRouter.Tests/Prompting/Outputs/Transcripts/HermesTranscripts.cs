namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: github.com/NousResearch/Hermes-Function-Calling (README), NousResearch/Hermes-2-Pro-Llama-3-8B (chat_template
/// "tool_use"), Qwen/Qwen2.5-7B-Instruct and Qwen/Qwen3-8B (chat_template).
/// </summary>
internal static class HermesTranscripts
{
    private static readonly string LongName = new('n', 300);

    public static Transcript[] All { get; } =
    [
        new("hermes", "arguments first, as the system prompt of Hermes 2 Pro shows",
            """
            <tool_call>
            {"arguments": {"city": "Paris"}, "name": "get_weather"}
            </tool_call>
            """,
            """call get_weather {"city": "Paris"}""") { Source = "NousResearch/Hermes-2-Pro-Llama-3-8B chat_template" },
        new("hermes", "name first, text before",
            """
            I will look.
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Paris", "unit": "celsius"}}
            </tool_call>
            """,
            "content: I will look.\n",
            """call get_weather {"city": "Paris", "unit": "celsius"}""")
            { Source = "Qwen/Qwen2.5-7B-Instruct chat_template" },
        new("hermes", "two calls",
            """
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Paris"}}
            </tool_call>
            <tool_call>
            {"name": "get_time", "arguments": {"zone": "Europe/Paris"}}
            </tool_call>

            """,
            """call get_weather {"city": "Paris"}""",
            """call get_time {"zone": "Europe/Paris"}""") { Source = "Qwen/Qwen3-8B chat_template" },
        new("hermes", "two calls in the form of the older template, then text",
            """
            <tool_call>
            { "arguments": {"a": 3, "b": [1, {"c": "}"}]}, "name": "multiply"}
            </tool_call> <tool_call>
            { "arguments": {}, "name": "get_time"}
            </tool_call> Done.
            """,
            """call multiply {"a": 3, "b": [1, {"c": "}"}]}""",
            "call get_time {}",
            "content:  Done.") { Source = "NousResearch/Hermes-2-Pro-Llama-3-8B chat_template" },
        new("hermes", "markers swallowed",
            """
            {"name": "get_weather", "arguments": {"city": "Paris"}}
            {"name": "get_time", "arguments": {}}
            """,
            """call get_weather {"city": "Paris"}""",
            "call get_time {}") { Source = "docs.vllm.ai features/tool_calling (skip_special_tokens)" },
        new("hermes", "last brace missing",
            """
            <tool_call>
            {"name": "get_weather", "arguments": {"city": "Paris"}
            </tool_call>
            <tool_call>
            {"name": "get_time", "arguments": {}}
            </tool_call>
            """,
            """call get_weather {"city": "Paris"}""",
            "call get_time {}"),
        new("hermes", "no arguments", """<tool_call>{"name": "get_time"}</tool_call>""", "call get_time {}"),
        new("hermes", "arguments null", """<tool_call>{"name": "get_time", "arguments": null}</tool_call>""",
            "call get_time {}"),
        new("hermes", "arguments in a string",
            """<tool_call>{"name": "search", "arguments": "{\"query\": \"caf\u00e9 \\\"x\\\" \ud83d\ude00\"}"}</tool_call>""",
            """call search {"query": "café \"x\" 😀"}"""),
        new("hermes", "arguments in a string before the name",
            """<tool_call>{"arguments": "{\"query\": 1}", "name": "search"}</tool_call>""",
            """call search {"query": 1}"""),
        new("hermes", "the form of OpenAI's API",
            """<tool_call>{"id": "call_1", "type": "function", "function": {"name": "search", "arguments": "{}"}}</tool_call>""",
            "call search#call_1 {}"),
        new("hermes", "raw line break in a string",
            "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"a\nb\"}}</tool_call>",
            """call search {"q": "a\nb"}"""),
        new("hermes", "missing end marker", """<tool_call>{"name": "search", "arguments": {"q": 1}}""",
            """call search {"q": 1}"""),
        new("hermes", "unknown tool",
            """a <tool_call>{"name": "drop_tables", "arguments": {}}</tool_call> b""",
            """content: a <tool_call>{"name": "drop_tables", "arguments": {}}</tool_call> b"""),
        new("hermes", "unknown tool, then a known one",
            """<tool_call>{"name": "nope"}</tool_call><tool_call>{"name": "get_time"}</tool_call>""",
            """content: <tool_call>{"name": "nope"}</tool_call>""",
            "call get_time {}"),
        new("hermes", "marker twice", """<tool_call><tool_call>{"name": "get_time"}</tool_call>""",
            "content: <tool_call>", "call get_time {}"),
        new("hermes", "no JSON", "<tool_call>get_weather(city)</tool_call>",
            "content: <tool_call>get_weather(city)</tool_call>"),
        new("hermes", "arguments are a list",
            """<tool_call>{"name": "search", "arguments": [1]}</tool_call>""",
            """content: <tool_call>{"name": "search", "arguments": [1]}</tool_call>"""),
        new("hermes", "cut in the head", """Well <tool_call>{"name": "sea""",
            """content: Well <tool_call>{"name": "sea"""),
        new("hermes", "cut in the arguments",
            """<tool_call>{"name": "search", "arguments": {"q": "a""",
            """cut search {"q": "a"""),
        new("hermes", "arguments break",
            """<tool_call>{"name": "search", "arguments": {"q": oops}}</tool_call>""",
            """cut search {"q": """,
            "content: oops}}</tool_call>"),
        new("hermes", "arguments in a string break before a whole call",
            """<tool_call>{"name": "search", "arguments": "{\"q\"no<tool_call>{"name": "get_time"}</tool_call>""",
            "cut search {\"q\"",
            "content: no", "call get_time {}"),
        new("hermes", "an escape breaks in arguments in a string",
            """<tool_call>{"name": "search", "arguments": "{\"q\": \"\u00😀"}""",
            "cut search {\"q\": \"", "content: 😀\"}"),
        new("hermes", "arguments in a string break behind their brace",
            """<tool_call>{"name": "search", "arguments": "{<b>"}""", "cut search {", "content: <b>\"}"),
        new("hermes", "an id that is none",
            """<tool_call>{"id": "a b", "name": "search", "arguments": {}}</tool_call>""", "call search {}"),
        new("hermes", "JSON that is no call", """{"summary": "x", "name": "search"}""",
            """content: {"summary": "x", "name": "search"}"""),
        new("hermes", "only white space", " \n ", "content:  \n "),
        new("hermes", "a name beyond the limit",
            "<tool_call>{\"name\": \"" + LongName + "\", \"arguments\": {}}</tool_call>",
            "content: <tool_call>{\"name\": \"" + LongName + "\", \"arguments\": {}}</tool_call>"),
    ];
}
