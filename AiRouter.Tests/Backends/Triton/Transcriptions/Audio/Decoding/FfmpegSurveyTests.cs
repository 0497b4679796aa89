using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

public sealed class FfmpegSurveyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("airouter-path-").FullName;

    [Fact]
    public void Program_is_the_named_one_else_the_first_on_the_path_and_off_is_none()
    {
        var name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
        var program = Path.Combine(_folder, name);
        File.WriteAllText(program, "");
        var path = string.Join(Path.PathSeparator, ["", ".", "relative", Path.Combine(_folder, "none"), _folder]);

        Assert.Equal(new FfmpegLocation(program, false), FfmpegLocation.Find(null, path));
        Assert.Equal(new FfmpegLocation(program, false), FfmpegLocation.Find("", path));
        Assert.Equal(new FfmpegLocation(program, true), FfmpegLocation.Find(program, null));
        Assert.Equal(new FfmpegLocation(null, false), FfmpegLocation.Find("off", path));
        Assert.Equal(new FfmpegLocation(null, false), FfmpegLocation.Find(null, null));
    }

    [Fact]
    public async Task Ffmpeg_of_a_distribution_has_all_formats()
    {
        var support = await FfmpegSurvey.RunAsync(Ffmpeg.Location, TimeProvider.System);

        Assert.Equal("WAV, FLAC, MP3, AAC, Ogg Vorbis, Ogg Opus, MP4 (M4A), WebM (Matroska)", support.Summary);
        Assert.All(CodedFormats.All, format => Assert.True(support.Has(format), format.Name));
    }

    [Fact]
    public async Task Small_build_says_what_it_lacks()
    {
        using var fake = await FakeFfmpeg.MakeAsync("exit 1", "echo ' D mp3 x'; echo ' D ogg x'; echo ' A....D mp3 x'; echo ' A....D libopus x'");
        var support = await FfmpegSurvey.RunAsync(fake.Location, TimeProvider.System);

        Assert.Equal("WAV, FLAC, MP3, Ogg Opus (this ffmpeg has no AAC, Ogg Vorbis, MP4 (M4A), WebM (Matroska))", support.Summary);
    }

    [Fact]
    public async Task Program_that_does_not_run_is_no_ffmpeg()
    {
        using var broken = await FakeFfmpeg.MakeAsync("", "exit 127");
        var missing = new FfmpegLocation(Path.Combine(_folder, "none"), true);

        Assert.Equal("WAV, FLAC (ffmpeg cannot be run)", (await FfmpegSurvey.RunAsync(broken.Location, TimeProvider.System)).Summary);
        Assert.Equal("WAV, FLAC (ffmpeg cannot be run)", (await FfmpegSurvey.RunAsync(missing, TimeProvider.System)).Summary);
        Assert.Equal(
            "WAV, FLAC (the others need ffmpeg)", (await FfmpegSurvey.RunAsync(new FfmpegLocation(null, false), TimeProvider.System)).Summary);
    }

    [Fact]
    public async Task Log_and_health_tell_once_which_formats_are_taken()
    {
        using var fake = await FakeFfmpeg.MakeAsync("exit 1");
        var log = new LogLines<FfmpegProgram>();
        var program = new FfmpegProgram(fake.Location, TimeProvider.System, log);

        Assert.Empty(program.Details);
        await program.FindAsync();
        await program.FindAsync();

        var detail = Assert.Single(program.Details);
        Assert.Equal(("transcriptions", true), (detail.Name, detail.IsHealthy));
        Assert.Equal("WAV, FLAC, MP3, AAC, MP4 (M4A)", detail.Reason![..detail.Reason!.IndexOf(" (this", StringComparison.Ordinal)]);
        Assert.StartsWith("Information: Sound files that transcriptions on Triton take: WAV, FLAC, MP3", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Named_program_that_does_not_run_is_told_and_asked_again_later()
    {
        using var fake = await FakeFfmpeg.MakeAsync("", "[ -e $here/mended ] || exit 127; echo ' D mp3 x'; echo ' A....D mp3 x'");
        var clock = new FakeTimeProvider();
        var log = new LogLines<FfmpegProgram>();
        var program = new FfmpegProgram(fake.Location, clock, log);

        Assert.Null((await program.FindAsync()).Path);
        Assert.False(Assert.Single(program.Details).IsHealthy);
        Assert.StartsWith($"Warning: {fake.Program} is of no use.", Assert.Single(log.All), StringComparison.Ordinal);
        Assert.DoesNotContain(fake.Folder, Assert.Single(program.Details).Reason, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(fake.Folder, "mended"), "", TestContext.Current.CancellationToken);
        Assert.Null((await program.FindAsync()).Path);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(fake.Program, (await program.FindAsync()).Path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
