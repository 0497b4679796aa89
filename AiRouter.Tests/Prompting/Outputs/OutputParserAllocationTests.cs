using System.Text;
using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Prompting.Outputs;

public sealed class OutputParserAllocationTests
{
    private static readonly OutputContext Context = new() { ToolNames = ["search"] };

    /// <summary>Content, arguments in each of the ways they are written, and reasoning.</summary>
    [Theory]
    [InlineData("hermes", null, "Text ", "and <more> {text} ")]
    [InlineData("hermes", null, "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"",
            "some text, \\\"quoted\\\" ")]
    [InlineData("hermes", null, "<tool_call>{\"name\": \"search\", \"arguments\": \"{\\\"q\\\": \\\"",
            "some \\u00e9 text ")]
    [InlineData("pythonic", null, "[search(q='", "some text, \\'quoted\\' ")]
    [InlineData("harmony", "harmony", "<|channel|>analysis<|message|>", "some <thoughts> ")]
    [InlineData("hermes", "think", "<think>", "some <thoughts>\n")]
    [InlineData("hermes", "think", "<think></think>Hello ", "some <more>\n")]
    public void Piece_allocates_nothing(string format, string? reasoning, string head, string piece)
    {
        var parser = OutputParsers.Start(
            OutputParsers.ToolCalls[format], reasoning is null ? null : OutputParsers.Reasoning[reasoning], Context);
        var sink = new CountingSink();
        parser.Push(Encoding.UTF8.GetBytes(head), sink);
        var bytes = Encoding.UTF8.GetBytes(piece);
        Push(parser, bytes, sink, 2000);
        var seen = sink.Bytes;

        Assert.Equal(0, Allocations.Of(() => Push(parser, bytes, sink, 5000)));
        Assert.True(sink.Bytes > seen + 5000);
    }

    private static void Push(IOutputParser parser, byte[] piece, CountingSink sink, int times)
    {
        for (var i = 0; i < times; i++)
        {
            parser.Push(piece, sink);
        }
    }

    private sealed class CountingSink : IOutputSink
    {
        public long Bytes { get; private set; }

        public void Content(ReadOnlySpan<byte> text) => Bytes += text.Length;

        public void Reasoning(ReadOnlySpan<byte> text) => Bytes += text.Length;

        public void BeginToolCall(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name) => Bytes += name.Length;

        public void Arguments(ReadOnlySpan<byte> json) => Bytes += json.Length;

        public void EndToolCall() => Bytes++;
    }
}
