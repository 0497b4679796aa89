using System.Net;
using System.Text.Json;
using AiRouter.Api.Requests;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonTranscriptionTests
{
    private const string Path = "audio/transcriptions";
    private const string Models = "  whisper: { targets: [ { backend: gpu, model: whisper_bls } ] }";

    private static readonly byte[] Tone = Waves.File(Waves.Sine(440, 1.5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcription_tells_what_the_model_was_given()
    {
        await using var router = await StartAsync();
        var answer = await PostAsync(router, Path, Tone, ("language", "de"), ("prompt", "Names: Łódź"));

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
        var answer = await PostAsync(router, Path, Tone, ("language", ""), ("temperature", "0"), ("response_format", "text"));

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
        var answer = await PostAsync(router, Path, Waves.File(Waves.Format(1, 2, 44_100, 16), data), ("response_format", "verbose_json"));
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
        var whole = JsonDocument.Parse((await PostAsync(router, Path, sound)).Body).RootElement.GetProperty("text").GetString();
        var stream = await PostAsync(router, Path, sound, ("stream", "true"));

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
        var answer = await PostAsync(router, Path, Tone, ("prompt", "[[say: Hi there. ]]"), ("response_format", format));

        Assert.Equal((body, contentType), (answer.Body, answer.ContentType));
    }

    [Fact]
    public async Task Decoupled_model_gives_the_same_text()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { WhisperDecoupled = true });
        var answer = await PostAsync(router, Path, Tone, ("prompt", "[[say:one two three two three]]"), ("response_format", "text"));

        Assert.Equal("one two three two three\n", answer.Body);
    }

    [Theory]
    [InlineData("language", "xx", "language")]
    [InlineData("temperature", "2", "temperature")]
    [InlineData("temperature", "warm", "temperature")]
    [InlineData("temperature", "0.5", "temperature")]
    [InlineData("response_format", "xml", "response_format")]
    [InlineData("response_format", "diarized_json", "response_format")]
    [InlineData("timestamp_granularities[]", "word", "timestamp_granularities[]")]
    [InlineData("timestamp_granularities[]", "letter", "timestamp_granularities[]")]
    [InlineData("timestamp_granularities", "segment,word", "timestamp_granularities[]")]
    [InlineData("include[]", "logprobs", "include[]")]
    [InlineData("chunking_strategy", "{\"type\":\"server_vad\"}", "chunking_strategy")]
    [InlineData("known_speaker_names[]", "a", "known_speaker_names[]")]
    [InlineData("invented", "1", "invented")]
    public async Task R11_what_cannot_be_done_is_400_that_names_it(string name, string value, string param)
    {
        await using var router = await StartAsync();
        var error = await ErrorAsync(router, Path, Tone, (name, value));

        Assert.Equal((400, param), (error.Status, error.Param));
        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("timestamp_granularities[]", "segment")]
    [InlineData("chunking_strategy", "auto")]
    [InlineData("user", "u-1")]
    [InlineData("include[]", "")]
    [InlineData("stream", "false")]
    public async Task R11_what_changes_nothing_counts_as_absent(string name, string value)
    {
        await using var router = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(router, Path, Tone, (name, value))).Status);
    }

    [Fact]
    public async Task R11_parameters_of_the_configuration_are_applied_and_what_is_dropped_is_told()
    {
        await using var router = await StartAsync(models:
            "  strict: { targets: [ { backend: gpu, model: whisper_bls } ], unsupportedParameters: drop, " +
            "parameters: { defaults: { language: it }, rename: { hint: prompt }, drop: [ odd ] } }");
        var answer = await PostAsync(
            router, Path, Tone, ("model", "strict"), ("hint", "Ciao"), ("odd", "1"), ("temperature", "0.7"), ("hotwords", "x"));

        Assert.Contains("startoftranscript it transcribe notimestamps after \\\"Ciao\\\".", answer.Body, StringComparison.Ordinal);
        Assert.Equal("temperature, hotwords", answer.Dropped);
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
        var answer = await PostAsync(router, Path, Tone, ("model", "own"), ("response_format", "text"));

        Assert.EndsWith("as startoftranscript pt transcribe.\n", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verbose_json")]
    [InlineData("srt")]
    public async Task Only_text_can_be_streamed(string format)
    {
        await using var router = await StartAsync();
        var error = await ErrorAsync(router, Path, Tone, ("response_format", format), ("stream", "true"));

        Assert.Equal((400, "response_format"), (error.Status, error.Param));
    }

    [Fact]
    public async Task File_that_cannot_be_heard_is_400_that_names_what_can()
    {
        await using var router = await StartAsync();
        var mp3 = await ErrorAsync(router, Path, [0xFF, 0xFB, 0x90, 0x64, .. new byte[400]]);
        var broken = await ErrorAsync(router, Path, Tone[..36]);
        var tooShort = await ErrorAsync(router, Path, Waves.File(Waves.Sine(440, 0.05)));

        Assert.Equal((400, "file"), (mp3.Status, mp3.Param));
        Assert.Contains("The file is MP3. Taken are: WAV", mp3.Message, StringComparison.Ordinal);
        Assert.Equal((400, "The file is a WAV file that cannot be read: it has no data chunk."), (broken.Status, broken.Message));
        Assert.Equal((400, "The file cannot be transcribed: it is shorter than 0.1 s."), (tooShort.Status, tooShort.Message));
    }

    [Fact]
    public async Task Form_without_its_file_is_400()
    {
        await using var router = await StartAsync();
        using var none = new MultipartFormDataContent { { new StringContent("whisper"), "model" } };
        using var text = new MultipartFormDataContent { { new StringContent("whisper"), "model" }, { new StringContent("RIFF"), "file" } };
        using var first = await router.Router.Http.PostAsync(Path, none, Token);
        using var second = await router.Router.Http.PostAsync(Path, text, Token);

        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Contains("Missing required parameter: 'file'.", await first.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Contains("must be a file", await second.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[error:out of memory]]", 502, "bad_gateway")]
    [InlineData("[[error:Prompt length (9) exceeds maximum input length (5)]]", 400, "context_length_exceeded")]
    [InlineData("[[malformed]]", 502, "bad_gateway")]
    public async Task Failures_of_the_model_are_those_of_other_operations(string prompt, int status, string code)
    {
        await using var router = await StartAsync();
        var error = await ErrorAsync(router, Path, Tone, ("prompt", prompt));
        var chat = await router.ErrorAsync("chat/completions", TritonRouter.Chat(prompt));

        Assert.Equal((chat.Status, chat.Code), (error.Status, error.Code));
        Assert.Equal(status, error.Status);
        Assert.True(status != 400 || error.Code == code, error.Code);
    }

    [Fact]
    public async Task R22_models_do_what_they_are_for()
    {
        await using var router = await StartAsync();
        var textModel = await ErrorAsync(router, Path, Tone, ("model", "chat"));
        var embedding = await ErrorAsync(router, "audio/translations", Tone, ("model", "embed"));
        var chat = await router.ErrorAsync("chat/completions", TritonRouter.Chat("hi", model: "whisper"));
        var embeddings = await router.ErrorAsync("embeddings", """{"model":"whisper","input":"x"}""");

        Assert.All([textModel, embedding, chat, embeddings], e => Assert.Equal((400, "unsupported_operation"), (e.Status, e.Code)));
        Assert.Equal("The model 'chat' does not transcribe audio.", textModel.Message);
    }

    [Theory]
    [InlineData("images/generations", """{"model":"chat","prompt":"a cat"}""")]
    [InlineData("audio/speech", """{"model":"whisper","input":"hi","voice":"alloy"}""")]
    [InlineData("rerank", """{"model":"embed","query":"a","documents":["b"]}""")]
    [InlineData("moderations", """{"model":"chat","input":"a"}""")]
    public async Task R22_operations_that_Triton_does_not_do_are_unsupported(string path, string json)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(path, json);

        Assert.Equal((400, "unsupported_operation"), (error.Status, error.Code));
        Assert.Contains("is not for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R32_sound_counts_by_its_fixed_figure()
    {
        await using var router = await StartAsync(models:
            """
              counted: { operations: [ transcriptions ], targets: [ { backend: gpu, model: whisper_bls } ], limits: { tokensPerMinute: 300 } }
            limits: { audioTokens: 100 }
            """);
        var first = await PostAsync(router, Path, Tone, ("model", "counted"));
        var second = await ErrorAsync(router, Path, Tone, ("model", "counted"));

        // The sound, the text that comes of it, and the field model.
        Assert.Equal((HttpStatusCode.OK, "93"), (first.Status, first.Remaining));
        Assert.Equal((429, "rate_limit_exceeded"), (second.Status, second.Code));
        Assert.Single(router.Sent);
    }

    [Fact]
    public async Task R31_sound_takes_its_memory_from_the_budget_of_bodies()
    {
        await using var router = await StartAsync();
        var budget = router.Router.Services.GetRequiredService<BodyBudget>();
        const long Most = 1024L * 1024 * 1024;
        Assert.True(budget.TryTake(Most - (4 * 1024 * 1024), Most));
        var refused = await ErrorAsync(router, Path, Tone);
        budget.Return(4 * 1024 * 1024);
        var narrow = await PostAsync(router, Path, Waves.File(Waves.Sine(440, 95)), ("response_format", "text"));

        Assert.Equal(503, refused.Status);
        Assert.Equal(HttpStatusCode.OK, narrow.Status);
        Assert.Equal(Most - (8 * 1024 * 1024), budget.Used);
    }

    [Fact]
    public async Task Client_that_goes_leaves_nothing_running()
    {
        await using var router = await StartAsync();
        using var going = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = PostAsync(router, Path, Tone, going.Token, ("prompt", "[[hang]]"));
        while (router.Sent.Count == 0)
        {
            await Task.Delay(10, Token);
        }

        var request = router.Sent[0];
        await going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        await request.Ended.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(AiRouter.TritonSimulator.Recording.RequestOutcome.Cancelled, request.Outcome);
    }

    private static Task<TritonRouter> StartAsync(string models = "", SimulatorOptions? options = null) =>
        TritonRouter.StartAsync($"{Models}\n{models}", options: options);

    private static Task<Answer> PostAsync(TritonRouter router, string path, byte[] file, params (string Name, string Value)[] fields) =>
        PostAsync(router, path, file, Token, fields);

    private static async Task<Answer> PostAsync(
        TritonRouter router, string path, byte[] file, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", "speech.mp3" } };
        foreach (var (name, value) in fields.Any(f => f.Name == "model") ? fields : [.. fields, ("model", "whisper")])
        {
            form.Add(new StringContent(value), name);
        }

        using var response = await router.Router.Http.PostAsync(path, form, cancellationToken);
        var headers = response.Headers;
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            await response.Content.ReadAsStringAsync(cancellationToken),
            headers.TryGetValues("x-airouter-model", out var models) ? models.Single() : null,
            headers.TryGetValues("x-airouter-dropped", out var dropped) ? dropped.Single() : null,
            headers.TryGetValues("x-ratelimit-remaining-tokens", out var remaining) ? remaining.Single() : null);
    }

    private static async Task<(int Status, string Message, string? Param, string? Code)> ErrorAsync(
        TritonRouter router, string path, byte[] file, params (string Name, string Value)[] fields)
    {
        var answer = await PostAsync(router, path, file, fields);
        Assert.True((int)answer.Status >= 400, answer.Body);
        var error = JsonDocument.Parse(answer.Body).RootElement.GetProperty("error");
        return ((int)answer.Status, error.GetProperty("message").GetString()!, error.GetProperty("param").GetString(),
            error.GetProperty("code").GetString());
    }

    private sealed record Answer(
        HttpStatusCode Status, string? ContentType, string Body, string? Model, string? Dropped, string? Remaining);
}
