using AiRouter.Core.Health;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>The ffmpeg beside the router. It is asked once what it can do, when that first matters, and the log tells.</summary>
internal sealed partial class FfmpegProgram(FfmpegLocation location, TimeProvider time, ILogger<FfmpegProgram> logger) : IHealthSource
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Task<FfmpegSupport>? _support;
    private long _asked;
    private string? _told;

    /// <inheritdoc/>
    public IEnumerable<HealthDetail> Details
    {
        get
        {
            lock (_lock)
            {
                return _support is { IsCompletedSuccessfully: true, Result: var support }
                    ? [new HealthDetail("transcriptions", support.Path is not null || !location.IsNamed, support.Summary)]
                    : [];
            }
        }
    }

    /// <summary>What it can do.</summary>
    public Task<FfmpegSupport> FindAsync()
    {
        lock (_lock)
        {
            // One that is there and did not run may have met a machine without room for another process.
            var isWorthAsking = location.Path is not null && _support is { IsCompletedSuccessfully: true, Result.Path: null }
                && time.GetElapsedTime(_asked) > AskAgain;
            if (_support is null || isWorthAsking)
            {
                _asked = time.GetTimestamp();
                _support = AskAsync();
            }

            return _support;
        }
    }

    private async Task<FfmpegSupport> AskAsync()
    {
        // Starting a process takes longer than whoever asks may wait on this thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var support = await FfmpegSurvey.RunAsync(location, time);
        if (Interlocked.Exchange(ref _told, support.Summary) == support.Summary)
        {
            return support;
        }

        if (support.Path is null && location.Path is not null)
        {
            LogUseless(location.Path, support.Summary);
        }
        else
        {
            LogFormats(support.Summary);
        }

        return support;
    }

    [LoggerMessage(2620, LogLevel.Information, "Sound files that transcriptions on Triton take: {Formats}")]
    private partial void LogFormats(string formats);

    [LoggerMessage(2, LogLevel.Warning, "{Path} is of no use. Sound files that transcriptions on Triton take: {Formats}")]
    private partial void LogUseless(string path, string formats);
}
