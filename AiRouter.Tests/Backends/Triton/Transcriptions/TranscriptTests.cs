using System.Text;
using AiRouter.Api.Backends.Triton.Transcriptions;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.Triton.Transcriptions;

public sealed class TranscriptTests
{
    [Theory]
    [InlineData("One.", "Two.", "One. Two.")]
    [InlineData("今日は", "晴れ", "今日は晴れ")]
    [InlineData("สวัสดี", "ครับ", "สวัสดีครับ")]
    [InlineData("안녕", "하세요", "안녕 하세요")]
    [InlineData("今日は", "sunny", "今日は sunny")]
    [InlineData("", "Two.", "Two.")]
    [InlineData("One.", "", "One.")]
    public void Windows_are_joined_as_their_script_is_written(string first, string second, string whole)
    {
        var transcript = new Transcript();
        var parts = new[] { first, second }.Select((text, i) => transcript.Add(new TranscriptSegment(i * 30, (i + 1) * 30, text)));

        Assert.Equal(whole, string.Concat(parts));
        Assert.Equal(whole, transcript.Text);
        Assert.Equal(60, transcript.Duration);
    }

    [Theory]
    [InlineData(nameof(TranscriptFormat.Json), "transcript.json")]
    [InlineData(nameof(TranscriptFormat.VerboseJson), "transcript.verbose.json")]
    [InlineData(nameof(TranscriptFormat.Text), "transcript.txt")]
    [InlineData(nameof(TranscriptFormat.Srt), "transcript.srt")]
    [InlineData(nameof(TranscriptFormat.Vtt), "transcript.vtt")]
    public void Answer_has_the_golden_bytes(string format, string golden)
    {
        var transcript = new Transcript();
        transcript.Add(new TranscriptSegment(0, 27.4321, "Grüße an alle --> hier\n\nund dort."));
        transcript.Add(new TranscriptSegment(27.4321, 55, ""));
        transcript.Add(new TranscriptSegment(55, 3661.5, "Das war es."));

        var order = new TranscriptionOrder(Translates: false) { Language = "de", Format = Enum.Parse<TranscriptFormat>(format) };
        var body = TranscriptWriter.Write(order, transcript);

        Golden.Equal(golden, Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Translation_is_english_and_an_unknown_language_is_not_made_up()
    {
        var transcript = new Transcript();
        transcript.Add(new TranscriptSegment(0, 1, "x"));

        Assert.Contains("\"language\":\"english\"", Verbose(translates: true), StringComparison.Ordinal);
        Assert.DoesNotContain("language", Verbose(translates: false), StringComparison.Ordinal);

        string Verbose(bool translates) => Encoding.UTF8.GetString(
            TranscriptWriter.Write(new TranscriptionOrder(translates) { Format = TranscriptFormat.VerboseJson }, transcript));
    }
}
