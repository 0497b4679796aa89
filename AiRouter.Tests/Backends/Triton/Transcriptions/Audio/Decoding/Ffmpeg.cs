using System.Collections.Concurrent;
using System.Diagnostics;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>The ffmpeg of this machine, which also makes the files that it then reads.</summary>
internal static class Ffmpeg
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> _files = new();

    /// <summary>Where it is; skips the test where it is not.</summary>
    public static FfmpegLocation Location
    {
        get
        {
            var location = FfmpegLocation.Find(null, Environment.GetEnvironmentVariable("PATH"));
            Assert.SkipWhen(location.Path is null, "ffmpeg is not installed.");
            return location;
        }
    }

    /// <summary>A tone of 440 Hz and 3 s, at half of the full level, in a file that ends so (<c>mp3</c>, <c>ogg</c>, <c>webm</c>).</summary>
    /// <param name="extension">How its name ends.</param>
    /// <param name="options">Further arguments of ffmpeg, with spaces between.</param>
    public static Task<byte[]> ToneAsync(string extension, string options = "") =>
        MakeAsync(extension, "-f lavfi -i aevalsrc=0.5*sin(2*PI*440*t):d=3:s=48000 " + options);

    /// <summary>A file, made once.</summary>
    public static Task<byte[]> MakeAsync(string extension, string options)
    {
        var program = Location.Path!;
        return _files.GetOrAdd($"{extension} {options}", _ => new Lazy<Task<byte[]>>(() => RunAsync(program, extension, options))).Value;
    }

    private static async Task<byte[]> RunAsync(string program, string extension, string options)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-sound-").FullName;
        try
        {
            var file = Path.Combine(folder, "sound." + extension);
            var start = new ProcessStartInfo(
                program, ["-nostdin", "-loglevel", "error", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), file]);
            var (status, said) = await ProgramRun.OfAsync(start, TimeSpan.FromMinutes(1));
            Assert.True(status == 0, said);
            return await File.ReadAllBytesAsync(file, CancellationToken.None);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
