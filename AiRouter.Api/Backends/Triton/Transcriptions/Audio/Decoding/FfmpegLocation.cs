namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>
/// Which ffmpeg is used. Whoever runs the process says so, never the configuration: who may edit that must not be able to have
/// programs run.
/// </summary>
/// <param name="Path">The program; null: none.</param>
/// <param name="IsNamed">The operator has named it, so it has to work.</param>
internal sealed record FfmpegLocation(string? Path, bool IsNamed)
{
    /// <summary>The variable with its path, or <see cref="Off"/>; without it the one on PATH is used.</summary>
    public const string Variable = "AIROUTER_FFMPEG";

    /// <summary>No ffmpeg is used, even if there is one.</summary>
    public const string Off = "off";

    /// <summary>Finds it.</summary>
    /// <param name="named">What <see cref="Variable"/> says.</param>
    /// <param name="searchPath">What <c>PATH</c> says; its relative folders are left out.</param>
    public static FfmpegLocation Find(string? named, string? searchPath)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return named == Off ? new FfmpegLocation(null, false) : new FfmpegLocation(System.IO.Path.GetFullPath(named), true);
        }

        var name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
        var found = (searchPath ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(System.IO.Path.IsPathFullyQualified)
            .Select(folder => System.IO.Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        return new FfmpegLocation(found, false);
    }
}
