using System.Runtime.InteropServices;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton;

public sealed class TranscriptionTests
{
    private const string Old = """
        i TEXT_PREFIX STRING 1 REQ
        i WAV FP32 -1 REQ
        o TRANSCRIPTS STRING 1 REQ
        """;

    private const string New = Old + "\ni WAV_LENS INT32 1 opt";
    private const string Name = "TRANSCRIPTS";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 160_000)]
    [InlineData(159_999, 160_000)]
    [InlineData(160_000, 160_000)]
    [InlineData(160_001, 320_000)]
    [InlineData(480_000, 480_000)]
    public async Task Sound_is_filled_up_with_silence_to_a_multiple_of_10_s_and_its_length_is_told(int length, int given)
    {
        await using var triton = await StartAsync(New);

        var result = await TranscribeAsync(triton, [.. Enumerable.Repeat(0.5f, length)]);

        Assert.Equal(new TranscriptionResult(" Hello."), result);
        var sent = SentRequest.Single(triton);
        Assert.Equal("<|startoftranscript|>", sent["TEXT_PREFIX"]);
        Assert.Equal([1, given], sent.Shape("WAV"));
        Assert.Equal(length, sent["WAV_LENS"]);
        var samples = MemoryMarshal.Cast<byte, float>(sent.Raw("WAV")).ToArray();
        Assert.Equal(Enumerable.Repeat(0.5f, length).Concat(new float[given - length]), samples);
    }

    [Fact]
    public async Task Old_model_without_lengths_and_without_batches_gets_what_it_declares()
    {
        await using var triton = await StartAsync(Old, maxBatchSize: 0);

        await TranscribeAsync(triton, new float[16_000]);

        var sent = SentRequest.Single(triton);
        Assert.Equal(["TEXT_PREFIX", "WAV"], sent.Names);
        Assert.Equal([160_000], sent.Shape("WAV"));
    }

    [Fact]
    public async Task Half_floats_and_a_temperature_go_where_they_are_declared()
    {
        await using var triton = await StartAsync(
            New.Replace("WAV FP32", "WAV FP16", StringComparison.Ordinal) + "\ni TEMPERATURE FP32 1 opt");
        var model = await triton.Client.GetModelAsync("m", Token);

        await TranscribeAsync(triton, [0.5f, -1], temperature: 0.25);

        Assert.True(model.TranscribesAtTemperature);
        var sent = SentRequest.Single(triton);
        Assert.Equal([(Half)0.5, (Half)(-1), (Half)0], MemoryMarshal.Cast<byte, Half>(sent.Raw("WAV"))[..3].ToArray());
        Assert.Equal(0.25f, sent["TEMPERATURE"]);
    }

    [Fact]
    public async Task Decoupled_model_that_sends_all_so_far_is_not_repeated()
    {
        await using var triton = await StartAsync(New, isDecoupled: true);
        triton.Answer(
            Piece(""), Piece("Grü"), Piece("Grüße"), Piece("Grüße an \uFFFD"), Piece("Grüße an ß"), Responses.Final());

        Assert.Equal("Grüße an ß", (await TranscribeAsync(triton, new float[16])).Text);
    }

    [Fact]
    public async Task R14_decoupled_model_that_sends_what_is_new_is_put_together()
    {
        await using var triton = await StartAsync(New, isDecoupled: true);
        triton.Answer(Piece("ha"), Piece("ha"), Piece("ha"), Responses.Final());

        Assert.Equal("hahaha", (await TranscribeAsync(triton, new float[16])).Text);
    }

    [Fact]
    public async Task Failures_are_values()
    {
        await using var triton = await StartAsync(New);
        triton.Answer(Responses.Error("Traceback: Prompt length (200) exceeds maximum input length (14)"));
        var tooLong = await TranscribeAsync(triton, new float[16]);
        triton.Answer(Responses.New().WithInt32(Name, 5, 1, 1).Build(isFinal: true));
        var malformed = await TranscribeAsync(triton, new float[16]);
        triton.Answer(Responses.Final());
        var empty = await TranscribeAsync(triton, new float[16]);

        Assert.Equal(TritonFailureKind.ContextLengthExceeded, tooLong.Failure?.Kind);
        Assert.Equal(TritonFailureKind.Malformed, malformed.Failure?.Kind);
        Assert.Equal(TritonFailureKind.Malformed, empty.Failure?.Kind);
    }

    [Fact]
    public async Task Model_that_has_changed_is_read_again()
    {
        await using var triton = await StartAsync(New);
        var model = await triton.Client.GetModelAsync("m", Token);
        triton.Server.Models["m"] = Configs.Parse(Old, isDecoupled: false);
        triton.Server.OnInfer = (request, stream) => stream.WriteAsync(request.Inputs.Count == 3
            ? Responses.Error("unexpected inference input 'WAV_LENS' for model 'm'")
            : Piece("again", isFinal: true));

        var result = await TranscribeAsync(triton, new float[16], model);

        Assert.Equal(new TranscriptionResult("again"), result);
    }

    [Fact]
    public async Task Model_that_makes_text_transcribes_nothing()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Generic));

        Assert.Equal(TritonFailureKind.Unsupported, (await TranscribeAsync(triton, new float[16])).Failure?.Kind);
    }

    [Fact]
    public async Task Whisper_is_told_by_its_tensors()
    {
        await using var triton = await StartAsync(New);
        var model = await triton.Client.GetModelAsync("m", Token);

        Assert.Equal((ModelKind.Transcription, "whisper", true), (model.Kind, model.AdapterName, model.CanTranscribe));
        Assert.True(model is { CanGenerate: false, CanEmbed: false, TranscribesAtTemperature: false });
        Assert.True(RepositoryModel.IsServed(model.Kind));
    }

    private static AiRouter.Triton.Contract.ModelStreamInferResponse Piece(string text, bool isFinal = false) =>
        Responses.New().WithText(text, Name).Build(isFinal);

    private static async Task<TritonHarness> StartAsync(string config, int maxBatchSize = 8, bool isDecoupled = false)
    {
        var triton = await TritonHarness.StartAsync(Configs.Parse(config, maxBatchSize, isDecoupled));
        return triton.Answer(Piece(" Hello.", isFinal: true));
    }

    private static async Task<TranscriptionResult> TranscribeAsync(
        TritonHarness triton, float[] samples, TritonModel? model = null, double? temperature = null) =>
        await triton.Client.TranscribeAsync(
            model ?? await triton.Client.GetModelAsync("m", Token),
            new TranscriptionRequest
            {
                Prefix = "<|startoftranscript|>"u8.ToArray(),
                Samples = samples,
                Temperature = temperature,
                RequestId = "r",
            },
            Token);
}
