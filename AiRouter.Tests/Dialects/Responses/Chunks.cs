using System.Text.Json.Nodes;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>Chunks of a chat stream, as <c>openai-api.md</c> §2.3 has them.</summary>
internal static class Chunks
{
    /// <summary>The last but one of a stream that came to its own end.</summary>
    public static string Stop { get; } = Finish("stop");

    /// <summary>The last one, with figures.</summary>
    public static string Usage { get; } = Head(
        "",
        ""","usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":4},"""
            + "\"completion_tokens_details\":{\"reasoning_tokens\":3}}");

    /// <summary>The first one.</summary>
    public static string Role { get; } = Delta("""{"role":"assistant","content":"","refusal":null}""");

    /// <summary>Text.</summary>
    public static string Text(string text) => Delta($$"""{"content":{{Quoted(text)}}}""");

    /// <summary>Text with the log probability of a token.</summary>
    public static string TextWithLogProb(string text, string logProb) => Head(
        $$$"""
        {"index":0,"delta":{"content":{{{Quoted(text)}}}},"logprobs":{"content":[{{{logProb}}}],"refusal":null},"finish_reason":null}
        """);

    /// <summary>Thought.</summary>
    public static string Thought(string text) => Delta($$"""{"reasoning_content":{{Quoted(text)}}}""");

    /// <summary>A refusal.</summary>
    public static string Refusal(string text) => Delta($$"""{"refusal":{{Quoted(text)}}}""");

    /// <summary>A call begins.</summary>
    public static string Call(int index, string id, string name) => Delta(
        $$$"""
        {"tool_calls":[{"index":{{{index}}},"id":{{{Quoted(id)}}},"type":"function",
          "function":{"name":{{{Quoted(name)}}},"arguments":""}}]}
        """);

    /// <summary>A call goes on.</summary>
    public static string Arguments(int index, string text) => Delta(
        $$$"""{"tool_calls":[{"index":{{{index}}},"function":{"arguments":{{{Quoted(text)}}}}}]}""");

    /// <summary>Any delta.</summary>
    public static string Delta(string delta) => Head($$"""{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":null}""");

    /// <summary>The end for a reason.</summary>
    public static string Finish(string reason) =>
        Head($$"""{"index":0,"delta":{},"logprobs":null,"finish_reason":{{Quoted(reason)}}}""");

    /// <summary>A text in quotes.</summary>
    public static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private static string Head(string choice, string usage = ""","usage":null""") =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770950813,"model":"hidden","choices":[{{choice}}]{{usage}}}""";
}
