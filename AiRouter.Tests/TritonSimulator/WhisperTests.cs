using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>The model that hears nothing and says what it was given.</summary>
public sealed class WhisperTests
{
    private const string Prefix = "<|startoftranscript|><|en|><|transcribe|><|notimestamps|>";

    [Fact]
    public async Task Transcript_says_what_came()
    {
        await using var client = await SimulatorClient.StartAsync();

        var answer = Assert.Single(await client.StreamAsync(Sound(Prefix, 16_000, 8_000)));
        var empty = Assert.Single(await client.StreamAsync(Sound("", 16_000, 16_000)));

        Assert.Equal(
            "Simulated transcript of 0.500 s (of 16000 samples), level 0.500, 4000 Hz, as startoftranscript en transcribe notimestamps.",
            answer.InferResponse.OutputText("TRANSCRIPTS"));
        Assert.True(answer.IsFinal());
        Assert.EndsWith(
            "as startoftranscript en transcribe notimestamps.", empty.InferResponse.OutputText("TRANSCRIPTS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decoupled_it_sends_all_so_far_and_the_flag_alone()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { WhisperDecoupled = true });
        var request = Sound("<|startofprev|> [[say:one two]]" + Prefix, 1_600, 1_600).WantingFinal();

        var answers = await client.StreamAsync(request);

        Assert.Equal(["one", "one two"], answers.SkipLast(1).Select(answer => answer.InferResponse.OutputText("TRANSCRIPTS")));
        Assert.Empty(answers[^1].InferResponse.Outputs);
        Assert.True(answers[^1].IsFinal());
    }

    [Fact]
    public async Task What_the_real_one_cannot_take_is_refused_in_its_words()
    {
        await using var client = await SimulatorClient.StartAsync();
        var withoutLength = Sound(Prefix, 1_600, null);
        var twice = Requests.For("whisper_bls").Text("TEXT_PREFIX", [2, 1], Prefix, Prefix)
            .Raw("WAV", "FP32", [2, 4], new byte[32]).Raw("WAV_LENS", "INT32", [2, 1], new byte[8]);

        Assert.Contains("'NoneType' object has no attribute 'as_numpy'", await client.ErrorAsync(withoutLength), StringComparison.Ordinal);
        Assert.Contains("Only support batch size 1", await client.ErrorAsync(twice), StringComparison.Ordinal);
        Assert.Contains(
            "480001 samples are more than 30 s", await client.ErrorAsync(Sound(Prefix, 480_001, 480_001)), StringComparison.Ordinal);
    }

    /// <summary>Two samples of 0.5 and two of -0.5, again and again: 4000 Hz.</summary>
    private static ModelInferRequest Sound(string prefix, int samples, int? length)
    {
        byte[] wave = [.. Enumerable.Range(0, samples).SelectMany(i => BitConverter.GetBytes((i & 2) == 0 ? 0.5f : -0.5f))];
        var request = Requests.For("whisper_bls").Text("TEXT_PREFIX", [1, 1], prefix).Raw("WAV", "FP32", [1, samples], wave);
        return length is { } known ? request.Int32("WAV_LENS", [1, 1], known) : request;
    }
}
