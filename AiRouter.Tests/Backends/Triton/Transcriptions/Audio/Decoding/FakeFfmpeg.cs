using System.Diagnostics;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>A shell script in the place of ffmpeg, which knows all formats and then does what a test wants.</summary>
internal sealed class FakeFfmpeg : IDisposable
{
    private FakeFfmpeg(string folder) => Folder = folder;

    /// <summary>A folder of its own, <c>$here</c> in the script.</summary>
    public string Folder { get; }

    /// <summary>Where it is.</summary>
    public string Program => Path.Combine(Folder, "ffmpeg");

    /// <summary>What a router is told.</summary>
    public FfmpegLocation Location => new(Program, true);

    /// <summary>Makes one.</summary>
    /// <param name="script">What it does when it is to decode.</param>
    /// <param name="formats">What it does when it is asked for what it can do.</param>
    public static async Task<FakeFfmpeg> MakeAsync(
        string script, string formats = "echo ' D mp3 x'; echo ' D mov,mp4 x'; echo ' D aac x'; echo ' A....D mp3float x'")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no shell on Windows.");
        var fake = new FakeFfmpeg(Directory.CreateTempSubdirectory("airouter-ffmpeg-").FullName);
        var text = Path.Combine(fake.Folder, "text");
        await File.WriteAllTextAsync(
            text,
            $"""
            #!/bin/sh
            here={fake.Folder}
            PATH=/usr/bin:/bin
            case "$*" in *-demuxers|*-decoders) {formats}; exit 0;; esac
            {script}

            """,
            TestContext.Current.CancellationToken);

        // Copied by another process: a program that a process of ours had open to be written could not be started.
        var (status, said) = await ProgramRun.OfAsync(
            new ProcessStartInfo("install", ["-m", "755", text, fake.Program]), TimeSpan.FromSeconds(30));
        Assert.True(status == 0, said);
        return fake;
    }

    /// <summary>What the script has written to a file of its folder, once it has.</summary>
    public async Task<string> ReadAsync(string name)
    {
        var file = Path.Combine(Folder, name);
        await Eventually.HoldsAsync(() => File.Exists(file) && new FileInfo(file).Length > 0);
        return await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
    }

    /// <summary>Whether a process of this number runs; one that has ended and that nobody has asked for does not.</summary>
    public static bool Runs(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.Trim()}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
