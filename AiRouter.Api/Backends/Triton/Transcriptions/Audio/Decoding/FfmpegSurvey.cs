using System.ComponentModel;
using System.Text;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>Asks an ffmpeg what it can do: small builds have not got all formats, and one without its libraries does not start.</summary>
internal static class FfmpegSurvey
{
    private const int MostOutput = 256 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>What it can do. Never fails: what went wrong is in the answer.</summary>
    public static async Task<FfmpegSupport> RunAsync(FfmpegLocation location, TimeProvider time)
    {
        if (location.Path is not { } path)
        {
            return None("the others need ffmpeg");
        }

        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            var demuxers = await NamesAsync(path, "-demuxers", deadline.Token);
            var decoders = await NamesAsync(path, "-decoders", deadline.Token);
            var formats = CodedFormats.All.Where(f => demuxers.Contains(f.Demuxer) && f.Decoders.Any(decoders.Contains)).ToList();
            var missing = CodedFormats.All.Except(formats).Select(static f => f.Name).ToList();
            return new FfmpegSupport(path, formats, missing.Count == 0 ? null : $"this ffmpeg has no {string.Join(", ", missing)}");
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            return None("ffmpeg cannot be run");
        }
        catch (OperationCanceledException)
        {
            return None("ffmpeg does not answer");
        }
    }

    private static FfmpegSupport None(string problem) => new(null, [], problem);

    /// <summary>The second word of each line; several names of one thing have commas between them.</summary>
    private static async Task<HashSet<string>> NamesAsync(string path, string list, CancellationToken cancellationToken)
    {
        await using var run = FfmpegProcess.Start(path, ["-nostdin", "-hide_banner", "-loglevel", "error", list]);
        await using var killing = cancellationToken.Register(run.Kill);
        run.Input.Close();
        var output = new byte[MostOutput];
        var length = await run.Output.ReadAtLeastAsync(output, MostOutput, throwOnEndOfStream: false, cancellationToken);
        var (exitCode, _) = await run.EndAsync(cancellationToken);
        return exitCode != 0
            ? throw new IOException($"It ended with {exitCode}.")
            : [.. Encoding.UTF8.GetString(output, 0, length).Split('\n')
                .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(static words => words.Length > 1)
                .SelectMany(static words => words[1].Split(','))];
    }
}
