using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Dialects;
using AiRouter.Tests.Dialects.Messages;
using AiRouter.Tests.Dialects.Responses;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Dialects;

/// <summary>Chunks that are read in place are the same events as those that are read as documents.</summary>
public sealed class TextDeltaTests
{
    private static readonly string[] Texts =
        ["a", " token", "\\n", "\\\"q\\\"", "\\u00e9", "\\ud83c\\udf89", "\\ud83c", "世界 🎉", "", "\\u2028", "\\/", "<b>&'", new('x', 5000)];

    private static readonly string[] Chunks =
        [
            """{"choices":[{"index":0,"delta":{"content":"$"}}]}""",
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":null,"choices":[{"index":0,"delta":{"content":"$"},"logprobs":null,"finish_reason":null}],"usage":null}""",
            """{"choices":[{"delta":{"role":"assistant","content":"$","refusal":null,"tool_calls":null},"stop_reason":null}]}""",
            """{"choices":[{"index":0,"delta":{"reasoning_content":"$","content":null}}]}""",
            """{"choices":[{"index":0,"delta":{"reasoning":"$","content":""}}]}""",
            """{"choices":[{"index":0,"delta":{"reasoning_content":"$","reasoning":"$"}}]}""",
            """{"choices":[{"index":0,"delta":{"reasoning_content":"$","content":"$"}}]}""",
            """{"choices":[{"index":0,"delta":{"refusal":"$"}}]}""",
            """{"choices":[{"index":1,"delta":{"content":"$"}}]}""",
            """{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"$"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"$"}},{"index":1,"delta":{"content":"b"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"$"},"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97]}]}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"$","tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":"{}"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"$"},"finish_reason":"length"}]}""",
            """{"choices":[{"index":0,"delta":{"content":"$"}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
            """{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
            """{"choices":[{"index":0,"delta":{}}]}""",
            """{"choices":[{"index":0,"delta":{"content":5}}]}""",
            """{"choices":[{"index":0,"delta":"$"}]}""",
            """{"choices":{"a":"$"}}""",
        ];

    private static readonly Gen<string> AnyChunk =
        from chunk in Gen.Elements(Chunks)
        from text in Gen.Elements(Texts)
        select chunk.Replace("$", text, StringComparison.Ordinal);

    private static readonly string[] ReadInPlace = [.. Chunks.Take(5)];

    [Property(MaxTest = 300)]
    public Property Events_are_the_same_byte_for_byte() => Prop.ForAll(
        (from chunks in Gen.Choose(0, 12).SelectMany(count => Gen.ArrayOf(AnyChunk, count))
         from asksForSummary in Gen.Elements(true, false)
         select (Chunks: chunks, AsksForSummary: asksForSummary)).ToArbitrary(),
        sample =>
        {
            var chunks = sample.Chunks;
            var request = sample.AsksForSummary ? """{"input":"Hi","reasoning":{"summary":"auto"}}""" : ResponsesRun.Request;
            Assert.Equal(Slow(ResponsesRun.Begin(request), chunks), Quick(ResponsesRun.Begin(request), chunks));
            Assert.Equal(Slow(Translated.Begin("{}"), chunks), Quick(Translated.Begin("{}"), chunks));
        });

    [Fact]
    public void Chunks_of_one_text_are_read_in_place()
    {
        foreach (var chunk in ReadInPlace)
        {
            Assert.True(TextDelta.TryRead(Encoding.UTF8.GetBytes(chunk.Replace("$", "a\\n", StringComparison.Ordinal)), out var delta), chunk);
            Assert.Equal("\"a\\n\"", Encoding.UTF8.GetString(delta.Quoted));
            Assert.Equal(chunk.Contains("reasoning", StringComparison.Ordinal), delta.IsThought);
        }
    }

    [Fact]
    public void Chunks_that_say_more_are_not()
    {
        foreach (var chunk in Chunks[ReadInPlace.Length..])
        {
            Assert.False(TextDelta.TryRead(Encoding.UTF8.GetBytes(chunk.Replace("$", "a", StringComparison.Ordinal)), out _), chunk);
        }
    }

    [Theory]
    [InlineData("""{"error":{"message":"x"},"choices":[{"delta":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"choices":[]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"},"delta":{}}]}""")]
    [InlineData("""[1]""")]
    [InlineData("""{}""")]
    public void What_is_no_chunk_of_one_text_is_not(string chunk) => Assert.False(TextDelta.TryRead(Encoding.UTF8.GetBytes(chunk), out _));

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a}}]}""")]
    public void What_is_no_JSON_is_told_as_the_document_would(string chunk) =>
        Assert.ThrowsAny<JsonException>(() => TextDelta.TryRead(Encoding.UTF8.GetBytes(chunk), out _));

    private static string Slow(IAnswerTranslation answer, IEnumerable<string> chunks)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var chunk in chunks)
        {
            answer.WriteChunk(JsonElement.Parse(chunk), output);
        }

        answer.WriteEnd(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Quick(IAnswerTranslation answer, IEnumerable<string> chunks)
    {
        var output = new ArrayBufferWriter<byte>();
        using var frames = new FrameTranslation(answer);
        foreach (var chunk in chunks)
        {
            frames.Translate(Encoding.UTF8.GetBytes($"data: {chunk}\n\n"), output);
        }

        frames.Translate("data: [DONE]\n\n"u8, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
