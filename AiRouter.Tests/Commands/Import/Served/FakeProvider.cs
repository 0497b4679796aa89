using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Commands.Import.Served;

/// <summary>Answers as a server of models does, by the path that it is asked.</summary>
internal static class FakeProvider
{
    /// <summary>The text of every answer.</summary>
    public const string Says = "Hello from the backend";

    /// <summary>For <see cref="ScriptedUpstream.Script"/>.</summary>
    public static Task AnswerAsync(UpstreamCall call)
    {
        var path = call.Request.Target.Split('?')[0];
        var model = call.Request.Text.StartsWith('{') ? (string?)JsonNode.Parse(call.Request.Text)!["model"] : null;
        return call.JsonAsync(
            path.EndsWith("/chat/completions", StringComparison.Ordinal) ? Chat(model)
            : path.EndsWith("/messages", StringComparison.Ordinal) ? Message(model)
            : path.EndsWith("/embeddings", StringComparison.Ordinal) ? Embeddings(model)
            : path.EndsWith("/rerank", StringComparison.Ordinal) ? """{"results":[{"index":0,"relevance_score":0.5}]}"""
            : path.EndsWith("/audio/transcriptions", StringComparison.Ordinal) ? $$"""{"text":"{{Says}}"}"""
            : """{"object":"list","data":[]}""");
    }

    private static string Chat(string? model) =>
        $$$"""
        {"id":"1","object":"chat.completion","created":1,"model":"{{{model}}}","choices":[
        {"index":0,"message":{"role":"assistant","content":"{{{Says}}}"},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}
        """;

    private static string Message(string? model) =>
        $$"""
        {"id":"msg_1","type":"message","role":"assistant","model":"{{model}}","content":[{"type":"text","text":"{{Says}}"}],
        "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":4} }
        """;

    private static string Embeddings(string? model) =>
        $$"""
        {"object":"list","model":"{{model}}","data":[{"object":"embedding","index":0,"embedding":[0.6,0.8]}],
        "usage":{"prompt_tokens":3,"total_tokens":3} }
        """;
}
