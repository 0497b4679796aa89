using System.Diagnostics;
using System.Text;
using AiRouter.Api.Streaming;
using AiRouter.Api.Telemetry;

namespace AiRouter.Tests.Telemetry;

public sealed class AnswerNotesTests
{
    [Fact]
    public void Chunks_tell_the_id_the_model_and_the_reason_of_each_choice()
    {
        var notes = new AnswerNotes();
        Take(notes, """{"id":"1","model":"m","choices":[{"index":1,"delta":{"a":[{"finish_reason":"no"}]},"finish_reason":null}]}""");
        Take(notes, """{"id":"2","model":"n","choices":[{"index":1,"finish_reason":"length"}]}""");
        Take(notes, """{"id":"2","choices":[{"logprobs":{"x":[1]},"index":0,"finish_reason":"stop"}]}""");

        Assert.Equal(("1", "m", "stop, length"), Said(notes));
    }

    [Theory]
    [InlineData("""{"status":"completed","incomplete_details":null}""", "stop")]
    [InlineData("""{"incomplete_details":{"x":{},"reason":"max_output_tokens"},"status":"incomplete"}""", "length")]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}""", "content_filter")]
    [InlineData("""{"status":"failed","error":{"status":"no"}}""", "failed")]
    [InlineData("""{"status":7,"incomplete_details":"no"}""", "")]
    public void Response_tells_its_reason_by_its_status(string response, string reason)
    {
        var notes = new AnswerNotes();
        notes.TakeEnd(Encoding.UTF8.GetBytes(response));

        Assert.Equal((null, null, reason), Said(notes));
    }

    [Fact]
    public void Reason_that_is_no_word_is_left_out()
    {
        var notes = new AnswerNotes();
        Take(notes, $$"""{"id":7,"model":"\ud800","choices":[{"index":0,"finish_reason":"{{new string('x', 65)}}"},{"index":1,"finish_reason":"\u0041"}]}""");

        Assert.Equal((null, null, ""), Said(notes));
    }

    [Fact]
    public void Names_that_are_too_long_to_be_names_are_left_out()
    {
        var notes = new AnswerNotes();
        Take(notes, $$"""{"id":"{{new string('x', 300)}}","model":"{{new string('y', 300)}}","choices":[]}""");

        Assert.Equal((null, null, ""), Said(notes));
    }

    private static void Take(AnswerNotes notes, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.True(ChunkScan.TryRead(bytes, out var scan));
        notes.Take(bytes, in scan);
    }

    private static (string? Id, string? Model, string Reasons) Said(AnswerNotes notes)
    {
        using var span = new Activity("test");
        notes.Describe(span);
        var reasons = span.GetTagItem("gen_ai.response.finish_reasons") as string[];
        return (span.GetTagItem("gen_ai.response.id") as string, span.GetTagItem("gen_ai.response.model") as string, string.Join(", ", reasons ?? []));
    }
}
