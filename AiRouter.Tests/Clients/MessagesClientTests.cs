using System.Text.Json.Nodes;
using AiRouter.Tests.Backends.Anthropic;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Clients;

/// <summary>
/// Anthropic's own client, through the router, at a server that speaks Messages (<c>dialects/messages.mjs</c>). The server takes no request
/// that has lost a mark for the cache or a signature.
/// </summary>
public sealed class MessagesClientTests(ClientServers servers)
{
    private const int Checks = 9;

    private const string Signature = "c2lnbmF0dXJl";

    [Fact]
    public async Task Nothing_of_Anthropics_is_lost_on_the_way()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { up: { kind: anthropic, url: "{{upstream.Url}}" } }
            models: { claude: { targets: [ { backend: up, model: backend-model } ] } }
            """);
        using var suite = new NodeSuite("dialects", _ => Task.FromResult(new Uri(router.Root, "/v1")), "messages.mjs");

        var results = await suite.ResultsAsync(servers);

        Assert.Empty(results.Where(static r => r.Value is not null).Select(static r => $"{r.Key}: {r.Value}"));
        Assert.Equal(Checks, results.Count);
    }

    private static Task AnswerAsync(UpstreamCall call)
    {
        var asked = JsonNode.Parse(call.Request.Text)!;
        var said = asked["messages"]!.AsArray()[^1]!["content"]!.ToJsonString();
        return (call.Request.Target, said) switch
        {
            ("/v1/messages/count_tokens", _) => call.JsonAsync("""{"input_tokens":42}"""),
            _ when (string?)asked["model"] != "backend-model" => call.JsonAsync(Message.Error("invalid_request_error", "which model?"), 400),
            (_, "\"Fail.\"") => call.JsonAsync(Message.Error("overloaded_error", "Overloaded"), 529),
            (_, "\"Break.\"") => call.EventsAsync(
                Message.Start, Message.Text(0, "Hel"), Message.Event(Message.Error("overloaded_error", "Overloaded"))),
            (_, "\"Which betas?\"") => SayAsync(call, $"{call.Request.Header("anthropic-beta")} of {call.Request.Header("anthropic-version")}"),
            (_, "\"Search.\"") when (string?)asked["tools"]?[0]?["type"] == "web_search_20250305" => call.JsonAsync(Whole(
                """
                {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},{"type":"text","text":"Found.","citations":[{"type":"web_search_result_location","url":"https://x.example","title":"x","encrypted_index":"e","cited_text":"c"}]}
                """)),
            _ when (string?)asked["system"]?[0]?["cache_control"]?["type"] != "ephemeral" || asked["thinking"] is null =>
                call.JsonAsync(Message.Error("invalid_request_error", "the mark for the cache, or thinking, is lost"), 400),
            (_, "\"Again.\"") => (string?)asked["messages"]![1]!["content"]![0]!["signature"] == Signature
                ? SayAsync(call, "I remember.")
                : call.JsonAsync(Message.Error("invalid_request_error", "the signature is lost"), 400),
            _ => ThinkAsync(call),
        };
    }

    private static Task ThinkAsync(UpstreamCall call) => IsStream(call)
        ? call.EventsAsync(
            Message.Start,
            Message.Block(
                0, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"Hm, "}""",
                """{"type":"thinking_delta","thinking":"hm."}""", $$"""{"type":"signature_delta","signature":"{{Signature}}"}"""),
            Message.Text(1, "Gr\\u00fc\\u00dfe", ", 世界 🎉"), Message.Delta("end_turn"), Message.Stop)
        : call.JsonAsync(Whole($$"""{"type":"thinking","thinking":"Hm, hm.","signature":"{{Signature}}"},{"type":"text","text":"Grüße, 世界 🎉"}"""));

    private static Task SayAsync(UpstreamCall call, string text) => IsStream(call)
        ? call.EventsAsync(Message.Start, Message.Text(0, text), Message.Delta("end_turn"), Message.Stop)
        : call.JsonAsync(Whole($$"""{"type":"text","text":"{{text}}"}"""));

    private static string Whole(string content) =>
        $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"backend-model","content":[{{{content}}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":15}}""";

    private static bool IsStream(UpstreamCall call) => call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal);
}
