namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: the chat_template of mistralai/Mistral-7B-Instruct-v0.3, docs.mistral.ai, mistralai/mistral-common.
/// </summary>
internal static class MistralTranscripts
{
    public static Transcript[] All { get; } =
    [
        new("mistral", "a list", """[TOOL_CALLS] [{"name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather {"city": "Paris"}""") { Source = "mistralai/Mistral-7B-Instruct-v0.3 chat_template" },
        new("mistral", "with an id before the arguments",
            """[TOOL_CALLS] [{"id": "VvvODy9mT", "name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather#VvvODy9mT {"city": "Paris"}""")
            { Source = "docs.mistral.ai capabilities/function_calling" },
        new("mistral", "with an id behind them, too late to tell",
            """[TOOL_CALLS][{"name": "get_time", "arguments": {}, "id": "bbc5b7ede"}, {"name": "get_time"}] """,
            "call get_time {}", "call get_time {}") { Source = "mistralai/Mistral-7B-Instruct-v0.3 chat_template" },
        new("mistral", "version 11", """[TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}""",
            """call get_weather {"city": "Paris"}""") { Source = "mistralai/mistral-common, tokenizer version 11" },
        new("mistral", "version 11, two calls",
            """Let me see.[TOOL_CALLS]get_weather[ARGS]{"city": "Paris"}[TOOL_CALLS]multiply[ARGS]{"a": 3.5, "b": 4}""",
            "content: Let me see.", """call get_weather {"city": "Paris"}""", """call multiply {"a": 3.5, "b": 4}""")
            { Source = "vllm-project/vllm mistral_tool_parser.py" },
        new("mistral", "with a call id", """[TOOL_CALLS]search[CALL_ID]123456789[ARGS]{"q": "x"}""",
            """call search#123456789 {"q": "x"}""") { Source = "mistralai/Mistral-Small-3.2-24B-Instruct-2506" },
        new("mistral", "version 11 without the second marker", """[TOOL_CALLS]search{"q": "x"}""",
            """call search {"q": "x"}""")
            { Source = "vllm-project/vllm mistral_tool_parser.py" },
        new("mistral", "marker of a list swallowed", """ [{"name": "get_weather", "arguments": {"city": "Paris"}}]""",
            """call get_weather {"city": "Paris"}"""),
        new("mistral", "markers of version 11 swallowed", """get_weather{"city": "Paris"}get_time{}""",
            """call get_weather {"city": "Paris"}""", "call get_time {}"),
        new("mistral", "a text that begins with a tool's name", "search \"this\" yourself",
            "content: search \"this\" yourself"),
        new("mistral", "a text that begins with a bracket", "[1] is a source.", "content: [1] is a source."),
        new("mistral", "single quotes are no JSON", "[TOOL_CALLS] [{'name': 'search'}]",
            "content: [TOOL_CALLS] [{'name': 'search'}]"),
        new("mistral", "empty list", "[TOOL_CALLS] []", "content: [TOOL_CALLS] []"),
        new("mistral", "second call unknown",
            """[TOOL_CALLS] [{"name": "search", "arguments": {}}, {"name": "nope", "arguments": {}}]""",
            "call search {}", """content: , {"name": "nope", "arguments": {}}]"""),
    ];
}
