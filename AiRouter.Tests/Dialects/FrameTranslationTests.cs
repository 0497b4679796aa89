using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Tests.Dialects.Messages;
using AiRouter.Tests.Dialects.Responses;

namespace AiRouter.Tests.Dialects;

/// <summary>Frames as backends may write them.</summary>
public sealed class FrameTranslationTests
{
    [Fact]
    public void Bytes_that_are_no_text_do_not_end_the_stream()
    {
        byte[] frame =
        [
            .. "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"a"u8, 0xE4, 0xBD,
            .. "\",\"tool_calls\":[]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"u8,
        ];

        var events = Encoding.UTF8.GetString(Translate(ResponsesRun.Begin(ResponsesRun.Request), frame));

        Assert.Contains("\"delta\":\"a\uFFFD\"", events, StringComparison.Ordinal);
        Assert.Contains("event: response.completed", events, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Members_that_nobody_reads_may_be_as_deep_as_in_chat(bool isResponses)
    {
        var deep = new string('[', 110) + new string(']', 110);
        var frame = $$"""
            data: {"x":{{deep}},"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}

            data: [DONE]


            """;

        var events = Encoding.UTF8.GetString(Translate(
            isResponses ? ResponsesRun.Begin(ResponsesRun.Request) : Translated.Begin("{}"), Encoding.UTF8.GetBytes(frame.ReplaceLineEndings("\n"))));

        Assert.Contains(isResponses ? "event: response.completed" : "event: message_stop", events, StringComparison.Ordinal);
    }

    [Fact]
    public void Thoughts_that_a_client_keeps_itself_come_back()
    {
        const string Completion = """{"choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"Hm, 世.","content":"a"},"finish_reason":"stop"}]}""";
        var item = ResponsesRun.WholeNode(Completion, """{"input":"Hi","store":false,"include":["reasoning.encrypted_content"]}""")["output"]![0]!;
        var request = new JsonObject
        {
            ["input"] = new JsonArray(
                new JsonObject { ["type"] = "reasoning", ["summary"] = new JsonArray(), ["encrypted_content"] = (string)item["encrypted_content"]! },
                new JsonObject { ["role"] = "assistant", ["content"] = "a" },
                new JsonObject { ["role"] = "user", ["content"] = "b" }),
        };

        var chat = new ResponsesDialect().ToChat(request, out var error);

        Assert.Null(error);
        Assert.Equal("Hm, 世.", (string?)chat!["messages"]![0]!["reasoning_content"]);
        Assert.Null(ResponsesRun.WholeNode(Completion)["output"]![0]!["encrypted_content"]);
    }

    [Fact]
    public void Chunk_that_cannot_be_read_is_a_fault_of_the_backends() => Assert.Throws<InvalidDataException>(() => Translate(
        Translated.Begin("{}"), Encoding.UTF8.GetBytes("data: " + new string('[', 200) + new string(']', 200) + "\n\n")));

    private static byte[] Translate(IAnswerTranslation answer, byte[] frames)
    {
        var output = new ArrayBufferWriter<byte>();
        using var translation = new FrameTranslation(answer);
        translation.Translate(frames, output);
        return output.WrittenSpan.ToArray();
    }
}
