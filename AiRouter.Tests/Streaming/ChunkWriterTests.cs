using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Streaming;

public sealed class ChunkWriterTests
{
    private static readonly AnswerHead Head = new("chatcmpl-1", 1, "a/\"b\" ü");

    [Fact]
    public void Text_of_any_characters_comes_back_from_JSON()
    {
        var text = string.Concat(Enumerable.Range(0, 0x1000).Select(c => (char)c)) + "🙂\u2028";
        var written = Write(w => Chunks().WriteText(w, 0, Visible(text)));

        Assert.StartsWith("data: {", written, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n", written, StringComparison.Ordinal);
        Assert.Equal(text, Content(written[6..]));
        Assert.Contains("🙂\u2028", written, StringComparison.Ordinal);
        Assert.Equal("a/\"b\" ü", JsonDocument.Parse(written[6..]).RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public void Long_text_is_split_at_code_points_into_lines_well_under_128_KiB()
    {
        var text = string.Concat(Enumerable.Repeat("\u0001🙂ü", 40_000));
        var written = Write(w => Chunks().WriteText(w, 0, Visible(text)));
        var lines = written.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.True(lines.Length > 1);
        Assert.All(lines, line => Assert.True(Encoding.UTF8.GetByteCount(line) < 110_000));
        Assert.Equal(text, string.Concat(lines.Select(line => Content(line[6..]))));
    }

    [Fact]
    public void Held_and_new_text_go_in_one_chunk()
    {
        var written = Write(w => Chunks().WriteText(w, 0, new VisibleText("</"u8, "b>"u8)));

        Assert.Equal("</b>", Content(written[6..].TrimEnd()));
    }

    [Fact]
    public void Chunk_costs_no_allocation()
    {
        var chunks = Chunks();
        var writer = new ArrayBufferWriter<byte>(64 * 1024 * 1024);
        Run(chunks, writer, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(chunks, writer, 10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Run(ChunkWriter chunks, ArrayBufferWriter<byte> writer, int times)
        {
            for (var i = 0; i < times; i++)
            {
                chunks.WriteText(writer, 0, new VisibleText(default, " \"quoted\"\n"u8));
            }
        }
    }

    [Theory]
    [InlineData(false,
        """{"tool_calls":[{"index":1,"id":"c\"1","type":"function","function":{"name":"f","arguments":""}}]}""",
        """{"tool_calls":[{"index":1,"function":{"arguments":"{\"a\":"}}]}""")]
    [InlineData(true, """{"function_call":{"name":"f","arguments":""}}""",
        """{"function_call":{"arguments":"{\"a\":"}}""")]
    public void Call_has_its_id_type_and_name_once(bool isLegacy, string begin, string more)
    {
        Assert.Equal(begin, Delta(Write(w => Chunks().WriteDelta(w, 0, new CallDelta(1, "c\"1", "f"u8, isLegacy)))));
        Assert.Equal(more, Delta(Write(w => Chunks().WriteDelta(w, 0, new ArgumentsDelta(1, "{\"a\":"u8, isLegacy)))));
    }

    [Fact]
    public void Reasoning_has_a_member_of_its_own_and_where_wanted_a_second()
    {
        Assert.Equal(
            """{"reasoning_content":"a\n"}""",
            Delta(Write(w => Chunks().WriteDelta(w, 0, new ReasoningDelta("a\n"u8, false)))));
        Assert.Equal(
            """{"reasoning_content":"a","reasoning":"a"}""",
            Delta(Write(w => Chunks().WriteDelta(w, 0, new ReasoningDelta("a"u8, true)))));
    }

    [Fact]
    public void Delta_costs_no_allocation()
    {
        var chunks = Chunks();
        var writer = new ArrayBufferWriter<byte>(64 * 1024 * 1024);
        Assert.Equal(0, Allocations.Of(() => Run(10_000)));

        void Run(int times)
        {
            writer.ResetWrittenCount();
            for (var i = 0; i < times; i++)
            {
                chunks.WriteDelta(writer, 0, new ReasoningDelta("why"u8, false));
                chunks.WriteDelta(writer, 0, new ArgumentsDelta(3, "{\"a\":1}"u8, false));
            }
        }
    }

    private static ChunkWriter Chunks() => new(ChatDialect.Instance, Head, choices: 1, includeUsage: false, withLogProbs: false);

    private static VisibleText Visible(string text) => new(default, Encoding.UTF8.GetBytes(text));

    private static string Write(Action<ArrayBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static string Delta(string written) => JsonDocument.Parse(written[6..]).RootElement
        .GetProperty("choices")[0].GetProperty("delta").GetRawText();

    private static string Content(string json) => JsonDocument.Parse(json).RootElement
        .GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()!;
}
