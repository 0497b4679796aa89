using AiRouter.Api.Commands;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

namespace AiRouter.Tests.Commands;

public sealed class CheckSoundTests
{
    [Theory]
    [InlineData("operations: [ transcriptions ]", "off", "sound files that transcriptions on Triton take: WAV, FLAC (the others need ffmpeg)\n")]
    [InlineData("operations: [ translations ]", null, "sound files that transcriptions on Triton take: WAV, FLAC, MP3, AAC, MP4 (M4A) (this")]
    [InlineData("operations: [ chat ]", null, "")]
    public async Task Check_tells_which_sound_files_are_taken_where_a_model_is_for_them(string operations, string? setting, string said)
    {
        using var fake = await FakeFfmpeg.MakeAsync("exit 1");
        var file = Path.Combine(fake.Folder, "airouter.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            backends: { gpu: { kind: triton, url: http://gpu:8001 } }
            models: { whisper: { targets: [ { backend: gpu } ], {{operations}} } }
            """,
            TestContext.Current.CancellationToken);
        using var output = new StringWriter { NewLine = "\n" };
        var code = await CommandTable.RunAsync(["check", "--config", file], new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = new Dictionary<string, string> { ["AIROUTER_FFMPEG"] = setting ?? fake.Program },
            Input = TextReader.Null,
            Output = output,
            Error = TextWriter.Null,
        });

        Assert.Equal(0, code);
        Assert.StartsWith(said.Length == 0 ? file : said, output.ToString(), StringComparison.Ordinal);
    }
}
