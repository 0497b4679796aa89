using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Prompting.Outputs.Transcripts;

namespace AiRouter.Tests.Prompting.Outputs;

public sealed class GuidedCallTests
{
    private static readonly OutputContext Context = new() { ToolNames = Transcript.Tools };

    [Theory]
    [InlineData("""[{"name": "search", "parameters": {"q": 1}}]""", """call search {"q": 1}""")]
    [InlineData("""[{"name":"search","arguments":{"q":1}},{"name":"get_time","arguments":{}}]""",
            """call search {"q":1}""", "call get_time {}")]
    [InlineData("""{"name": "search", "parameters": {"q": 1}}""", """call search {"q": 1}""")]
    [InlineData("""[{"name": "search", "parameters": {"q": """, """cut search {"q": """)]
    [InlineData("Hello", "content: Hello")]
    public void Required_call_is_read_from_a_list(string answer, params string[] parts) =>
        Assert.Equal(parts, Read(answer, null));

    [Theory]
    [InlineData("""{"q": 1}""", """call search {"q": 1}""")]
    [InlineData("\n{\"q\": {\"a\": []}}\n", "call search {\"q\": {\"a\": []}}")]
    [InlineData("{\"q\": \"", "cut search {\"q\": \"")]
    [InlineData("{} and more", "call search {}", "content:  and more")]
    [InlineData("Hello", "content: Hello")]
    public void Named_call_is_read_from_its_arguments(string answer, params string[] parts) =>
        Assert.Equal(parts, Read(answer, "search"));

    [Fact]
    public void Name_that_is_no_tool_leaves_content() => Assert.Equal(["content: {}"], Read("{}", "nope"));

    private static IReadOnlyList<string> Read(string answer, string? toolName) =>
        ParserRun.Read(GuidedCall.Start(Context, toolName), ParserRun.Cut(answer, [1, 4])).Parts;
}
