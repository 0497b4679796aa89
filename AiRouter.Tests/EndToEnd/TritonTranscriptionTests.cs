using System.Net;
using System.Text.Json;
using AiRouter.Api.Requests;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;
using static AiRouter.Tests.EndToEnd.TritonTranscriber;

namespace AiRouter.Tests.EndToEnd;

/// <summary>What a Whisper on Triton is given, and what becomes of its text.</summary>
public sealed class TritonTranscriptionTests
{
    [Fact]
    public async Task Transcription_tells_what_the_model_was_given()
    {
        await using var router = await StartAsync();
        var answer = await PostAsync(router, Transcriptions, Tone, ("language", "de"), ("prompt", "Names: Łódź"));

        Assert.Equal(
            """{"text":"Simulated transcript of 1.500 s (of 160000 samples), level 0.354, 440 Hz, as startoftranscript de transcribe """ +
            """notimestamps after \"Names: Łódź\".","usage":{"type":"duration","seconds":1.5}}""",
            answer.Body);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal("whisper", answer.Model);
    }

    [Fact]
    public async Task Without_a_language_the_model_goes_on_with_the_one_that_it_hears()
    {
        await using var router = await StartAsync();
        var answer = await PostAsync(router, Transcriptions, Tone, ("language", ""), ("temperature", "0"), ("response_format", "text"));

        Assert.EndsWith("440 Hz, as startoftranscript.\n", answer.Body, StringComparison.Ordinal);
        Assert.Equal("text/plain; charset=utf-8", answer.ContentType);
    }

    [Fact]
    public async Task Translation_has_a_task_of_its_own_and_no_usage()
    {
        await using var router = await StartAsync();
        var answer = await PostAsync(router, "audio/translations", Tone, ("language", "fr"));
        var unnamed = await PostAsync(router, "audio/translations", Tone);

        Assert.EndsWith("as startoftranscript fr translate notimestamps.\"}", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("as startoftranscript en translate notimestamps.\"}", unnamed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_of_2_MB_is_mixed_resampled_and_cut_into_windows()
    {
        await using var router = await StartAsync();

        // 35 s at 44.1 kHz of a tone of 1 kHz in one channel and silence in the other: 6 MB, from a file on disk.
        var samples = Waves.Sine(1000, 35, 44_100);
        samples.AsSpan((int)(28.4 * 44_100), 8_820).Clear();
        byte[] data = [.. samples.SelectMany(s => BitConverter.GetBytes((short)(s * 32_767)).Concat(new byte[2]))];
        var answer = await PostAsync(router, Transcriptions, Waves.File(Waves.Format(1, 2, 44_100, 16), data), ("response_format", "verbose_json"));
        var body = JsonDocument.Parse(answer.Body).RootElement;
        var segments = body.GetProperty("segments");

        Assert.True(data.Length > 2_000_000);
        Assert.Equal(35, body.GetProperty("duration").GetDouble());
        Assert.Equal(2, segments.GetArrayLength());
        Assert.InRange(segments[0].GetProperty("end").GetDouble(), 28.4, 28.6);
        Assert.Equal(segments[0].GetProperty("end").GetDouble(), segments[1].GetProperty("start").GetDouble());
        Assert.Contains("(of 480000 samples), level 0.17", segments[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("(of 160000 samples), level 0.17", segments[1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            $"{segments[0].GetProperty("text").GetString()} {segments[1].GetProperty("text").GetString()}",
            body.GetProperty("text").GetString());
        Assert.Equal(0, router.Router.Services.GetRequiredService<BodyBudget>().Used);
    }

    [Fact]
    public async Task Stream_has_a_delta_for_each_window_and_then_the_whole_text()
    {
        await using var router = await StartAsync();
        var sound = Waves.File(Waves.Sine(440, 40));
        var whole = JsonDocument.Parse((await PostAsync(router, Transcriptions, sound)).Body).RootElement.GetProperty("text").GetString();
        var stream = await PostAsync(router, Transcriptions, sound, ("stream", "true"));

        Assert.Equal("text/event-stream; charset=utf-8", stream.ContentType);
        var events = stream.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, e => Assert.StartsWith("data: ", e, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        var messages = events.SkipLast(1).Select(e => JsonDocument.Parse(e[6..]).RootElement).ToList();
        Assert.Equal(
            ["transcript.text.delta", "transcript.text.delta", "transcript.text.done"],
            messages.Select(m => m.GetProperty("type").GetString()));
        Assert.Equal(whole, string.Concat(messages.SkipLast(1).Select(m => m.GetProperty("delta").GetString())));
        Assert.Equal(whole, messages[^1].GetProperty("text").GetString());
        Assert.Equal("""{"type":"duration","seconds":40}""", messages[^1].GetProperty("usage").GetRawText());
    }

    [Theory]
    [InlineData("srt", "text/plain; charset=utf-8", "1\n00:00:00,000 --> 00:00:01,500\nHi there.\n\n")]
    [InlineData("vtt", "text/vtt; charset=utf-8", "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHi there.\n\n")]
    public async Task Subtitles_have_a_cue_for_each_window(string format, string contentType, string body)
    {
        await using var router = await StartAsync();
        var answer = await PostAsync(router, Transcriptions, Tone, ("prompt", "[[say: Hi there. ]]"), ("response_format", format));

        Assert.Equal((body, contentType), (answer.Body, answer.ContentType));
    }

    [Fact]
    public async Task Decoupled_model_gives_the_same_text()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { WhisperDecoupled = true });
        var answer = await PostAsync(router, Transcriptions, Tone, ("prompt", "[[say:one two three two three]]"), ("response_format", "text"));

        Assert.Equal("one two three two three\n", answer.Body);
    }

    [Fact]
    public async Task Prompt_format_makes_the_prefix_where_the_model_has_one()
    {
        await using var router = await StartAsync(models:
            """
              own:
                targets: [ { backend: gpu, model: whisper_bls } ]
                promptFormat: "<|startoftranscript|><|{{ language or 'pt' }}|><|{{ task }}|>"
            """);
        var answer = await PostAsync(router, Transcriptions, Tone, ("model", "own"), ("response_format", "text"));

        Assert.EndsWith("as startoftranscript pt transcribe.\n", answer.Body, StringComparison.Ordinal);
    }
}
