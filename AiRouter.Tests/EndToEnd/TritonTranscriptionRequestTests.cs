using System.Net;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using static AiRouter.Tests.EndToEnd.TritonTranscriber;

namespace AiRouter.Tests.EndToEnd;

/// <summary>What requests may ask of a Whisper on Triton, and what is refused by its name.</summary>
public sealed class TritonTranscriptionRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        var error = await ErrorAsync(router, Transcriptions, Tone, (name, value));

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

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(router, Transcriptions, Tone, (name, value))).Status);
    }

    [Fact]
    public async Task R11_parameters_of_the_configuration_are_applied_and_what_is_dropped_is_told()
    {
        await using var router = await StartAsync(models:
            "  strict: { targets: [ { backend: gpu, model: whisper_bls } ], unsupportedParameters: drop, " +
            "parameters: { defaults: { language: it }, rename: { hint: prompt }, drop: [ odd ] } }");
        var answer = await PostAsync(
            router, Transcriptions, Tone, ("model", "strict"), ("hint", "Ciao"), ("odd", "1"), ("temperature", "0.7"), ("hotwords", "x"));

        Assert.Contains("startoftranscript it transcribe notimestamps after \\\"Ciao\\\".", answer.Body, StringComparison.Ordinal);
        Assert.Equal("temperature, hotwords", answer.Dropped);
    }

    [Theory]
    [InlineData("verbose_json")]
    [InlineData("srt")]
    public async Task Only_text_can_be_streamed(string format)
    {
        await using var router = await StartAsync();
        var error = await ErrorAsync(router, Transcriptions, Tone, ("response_format", format), ("stream", "true"));

        Assert.Equal((400, "response_format"), (error.Status, error.Param));
    }

    [Fact]
    public async Task File_that_cannot_be_heard_is_400_that_names_what_can()
    {
        await using var router = await StartAsync(server: "transcriptions: { decoders: 0 }");
        var mp3 = await ErrorAsync(router, Transcriptions, [0xFF, 0xFB, 0x90, 0x64, .. new byte[400]]);
        var broken = await ErrorAsync(router, Transcriptions, Tone[..36]);
        var tooShort = await ErrorAsync(router, Transcriptions, Waves.File(Waves.Sine(440, 0.05)));

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
        using var first = await router.Router.Http.PostAsync(Transcriptions, none, Token);
        using var second = await router.Router.Http.PostAsync(Transcriptions, text, Token);

        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Contains("Missing required parameter: 'file'.", await first.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Contains("must be a file", await second.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R22_models_do_what_they_are_for()
    {
        await using var router = await StartAsync();
        var textModel = await ErrorAsync(router, Transcriptions, Tone, ("model", "chat"));
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
}
