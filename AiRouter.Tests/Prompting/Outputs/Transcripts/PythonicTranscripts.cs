namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: meta-llama/llama-models models/llama3_2/text_prompt_format.md, llama.com model cards llama4,
/// Team-ACE/ToolACE-8B, vllm-project/vllm tests/entrypoints/openai/tool_parsers/test_pythonic_tool_parser.py.
/// </summary>
internal static class PythonicTranscripts
{
    public static Transcript[] All { get; } =
    [
        new("pythonic", "one call", "[get_weather(city='San Francisco', metric='celsius')]",
            """call get_weather {"city": "San Francisco", "metric": "celsius"}""")
            { Source = "meta-llama/llama-models models/llama3_2/text_prompt_format.md" },
        new("pythonic", "two calls", """[get_weather(city="Paris"), get_time(zone="UTC")]""",
            """call get_weather {"city": "Paris"}""", """call get_time {"zone": "UTC"}""")
            { Source = "llama.com model cards llama4" },
        new("pythonic", "between markers", """<|python_start|>[get_time(zone="UTC")]<|python_end|>""",
            """call get_time {"zone": "UTC"}""") { Source = "llama.com model cards llama4" },
        new("pythonic", "no arguments", "[get_time()]", "call get_time {}") { Source = "Team-ACE/ToolACE-8B" },
        new("pythonic", "all types",
            """[search(a=1, b=-2.5e3, c=True, d=None, e=[1, 'x', [True]], f={'k': False, "l": {}}, g=(1, 2,), h=[], i='')]""",
            """call search {"a": 1, "b": -2.5e3, "c": true, "d": null, "e": [1, "x", [true]], """ +
            "\"f\": {\"k\": false, \"l\": {}}, \"g\": [1, 2], \"h\": [], \"i\": \"\"}")
            { Source = "vllm-project/vllm tests/entrypoints/openai/tool_parsers/test_pythonic_tool_parser.py" },
        new("pythonic", "escapes", """[search(q='it\'s "quoted" \\ \u00e9\x41\n', r="a'b", s='\d\é')]""",
            """call search {"q": "it's \"quoted\" \\ éA\n", "r": "a'b", "s": "\\d\\é"}""")
            { Source = "vllm-project/vllm tests/entrypoints/openai/tool_parsers/test_pythonic_tool_parser.py" },
        new("pythonic", "long strings", "[search(q='''a 'quote' and\n''two''', r=\"\")]",
            """call search {"q": "a 'quote' and\n''two", "r": ""}"""),
        new("pythonic", "on several lines", "[\n  get_weather(\n    city='Paris',\n  ),\n  get_time()\n]",
            """call get_weather {"city": "Paris"}""", "call get_time {}"),
        new("pythonic", "unknown tool", "[nope(a=1)]", "content: [nope(a=1)]"),
        new("pythonic", "positional argument", "[search('x')]", "content: [search('x')]"),
        new("pythonic", "a list of sources", "[1] and [get_time]", "content: [1] and [get_time]"),
        new("pythonic", "second call unknown", "[get_time(), nope()]", "call get_time {}", "content: , nope()]"),
        new("pythonic", "value breaks", "[search(a=1, b=lambda: 1)]", """cut search {"a": 1, "b": """,
            "content: lambda: 1)]"),
        new("pythonic", "cut in a string", "[search(q='abc", "cut search {\"q\": \"abc"),
    ];
}
