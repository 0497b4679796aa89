using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Streaming;

namespace AiRouter.Tests.Streaming;

/// <summary>A message as a stream and as a whole: each can be made of the other, with nothing lost.</summary>
public sealed class MessagesFormTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("Grüße, 世界 🎉 ", 1000));

    [Fact]
    public void Message_comes_back_from_its_events()
    {
        var message = JsonNode.Parse(
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
              {"type":"thinking","thinking":"LONG","signature":"SIGN"},
              {"type":"redacted_thinking","data":"Zm9v"},
              {"type":"text","text":"LONG","citations":[{"type":"page_location","n":1.50},{"type":"char_location"}]},
              {"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"LONG"}},
              {"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","encrypted_content":"x"}]},
              {"type":"tool_use","id":"t","name":"f","input":{}},
              {"type":"text","text":""}],
             "stop_reason":"tool_use","stop_sequence":null,"container":{"id":"c"},"usage":{"input_tokens":1,"cache_read_input_tokens":null,"output_tokens":2}}
            """.Replace("LONG", Long, StringComparison.Ordinal).Replace("SIGN", new string('s', 10_000), StringComparison.Ordinal))!.AsObject();

        var frames = Split(message);
        var whole = Assemble(frames);

        Assert.True(JsonNode.DeepEquals(message, whole), whole.ToJsonString());

        // Clients replace a signature by each one that comes: it has no pieces.
        Assert.Equal(1, frames.Count(static f => f.Contains("signature_delta", StringComparison.Ordinal)));
        Assert.True(frames.Count(static f => f.Contains("text_delta", StringComparison.Ordinal)) > 1);
        Assert.Equal(
            ["message_start", "content_block_start", "message_delta", "message_stop"],
            new[] { 0, 1, frames.Count - 2, frames.Count - 1 }.Select(i => frames[i].Split('\n')[0]["event: ".Length..]));
    }

    [Theory]
    [InlineData("""{"content":[]}""")]
    [InlineData("""{"content":"x","stop_reason":"end_turn"}""")]
    [InlineData("""{"content":[],"stop_reason":null}""")]
    public void Answer_that_is_no_message_has_no_events(string json)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.False(new MessagesSplitter(JsonNode.Parse(json)!.AsObject(), output).TryWrite());
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Figures_of_the_end_replace_those_of_the_beginning_and_leave_the_others()
    {
        var whole = Assemble(
        [
            """data: {"type":"message_start","message":{"model":"m","content":[],"usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":1}}}""",
            """data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":null,"output_tokens":9},"context_management":{"applied_edits":[]}}""",
        ]);

        Assert.Equal(
            """{"model":"m","content":[],"usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":9},"stop_reason":"end_turn","context_management":{"applied_edits":[]}}""",
            whole.ToJsonString());
    }

    private static List<string> Split(JsonObject message)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new MessagesSplitter(message, output).TryWrite());
        return [.. Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private static JsonObject Assemble(IReadOnlyList<string> frames)
    {
        var assembly = new MessagesAssembly();
        foreach (var frame in frames)
        {
            Assert.False(assembly.IsWhole && !frame.Contains("message_stop", StringComparison.Ordinal));
            assembly.Add(Encoding.UTF8.GetBytes(frame[(frame.IndexOf("data: ", StringComparison.Ordinal) + 6)..]));
        }

        Assert.True(assembly.IsWhole);
        return JsonNode.Parse(assembly.ToJson().Span)!.AsObject();
    }
}
