using System.Text;
using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Prompting.Outputs.Transcripts;

namespace AiRouter.Tests.Prompting.Outputs;

public sealed class OutputParserTests
{
    private static readonly Transcript[] All = AllTranscripts.All;

    public static TheoryData<int, string> Transcripts
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < All.Length; i++)
            {
                data.Add(i, All[i].ToString());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Transcript_gives_the_parts_that_the_model_meant(int index, string name)
    {
        var transcript = All[index];

        Assert.Equal(transcript.ToString(), name);
        Assert.Equal(transcript.Parts, Read(transcript.Start(), [transcript.Answer]).Parts);
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Transcript_in_single_code_points_gives_the_same_parts(int index, string name)
    {
        var transcript = All[index];

        Assert.Equal(transcript.ToString(), name);
        Assert.Equal(transcript.Parts, Read(transcript.Start(),
            transcript.Answer.EnumerateRunes().Select(r => r.ToString())).Parts);
    }

    [Fact]
    public void Every_parser_has_five_transcripts_with_their_source()
    {
        Assert.All(OutputParsers.ToolCalls.Keys, name => Assert.True(
            All.Count(t => t.Format == name && t.Source.Length > 0) >= 5, name));
        Assert.All(OutputParsers.Reasoning.Keys, name => Assert.True(
            All.Count(t => t.Reasoning == name && t.Source.Length > 0) >= 5, name));
    }

    [Theory]
    [InlineData("mistral", "東京の天気は晴れです")]
    [InlineData("pythonic", "[注意してください")]
    [InlineData("json", "{\"city\": \"Paris")]
    [InlineData("llama3", "{\"name\": \"Paris\", ")]
    [InlineData("harmony", "analyse")]
    public void Text_that_can_be_no_call_is_not_held_back(string format, string text)
    {
        var context = new OutputContext { ToolNames = Transcript.Tools };
        var parser = OutputParsers.Start(OutputParsers.ToolCalls[format], null, context);
        var sink = new RecordingSink();
        parser.Push(Encoding.UTF8.GetBytes(text), sink);

        Assert.Equal(["content: " + text], sink.Parts);
    }

    private static RecordingSink Read(IOutputParser parser, IEnumerable<string> pieces) =>
        ParserRun.Read(parser, pieces.Select(Encoding.UTF8.GetBytes));
}
