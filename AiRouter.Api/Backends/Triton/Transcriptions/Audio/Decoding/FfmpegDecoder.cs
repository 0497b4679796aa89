using System.ComponentModel;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>
/// Has files decoded by ffmpeg, a few at a time, each by a process of its own that has a deadline. All of a file is decoded before
/// the model hears any of it: a broken one costs no model's time, and no process waits for a slow model.
/// </summary>
internal sealed partial class FfmpegDecoder(
    DecoderPlaces places, BodyBudget budget, SpoolFolder folder, TimeProvider time, ILogger<FfmpegDecoder> logger)
{
    private const long MiB = 1024 * 1024;

    private readonly BodyBudget _room = new();

    /// <summary>Bytes of decoded sound that wait to be transcribed.</summary>
    public long Held => _room.Used;

    /// <summary>Decodes a file; null and an error when nothing comes of it.</summary>
    /// <param name="program">The path of ffmpeg.</param>
    /// <param name="part">The file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="server">The limits.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public async ValueTask<(DecodedSound? Sound, ApiError? Error)> DecodeAsync(
        string program, UploadPart part, CodedFormat format, ServerConfig server, CancellationToken cancellationToken)
    {
        var limits = server.Transcriptions;
        var longest = TimeSpan.FromSeconds(limits.DecodeSeconds);
        if (await places.EnterAsync(limits.Decoders, longest, cancellationToken) is { } refused)
        {
            return (null, refused);
        }

        DecodedSound? sound = null;
        using var deadline = new CancellationTokenSource(longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        ApiError? error;
        try
        {
            sound = new DecodedSound(new SpooledBytes(budget, folder), _room);
            error = await DecodeAsync(program, part, format, server, sound, stop.Token);
            if (error is null)
            {
                var whole = sound;
                sound = null;
                return (whole, null);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            error = Refuse(format, $"takes longer than {limits.DecodeSeconds} s to decode");
        }
        catch (Win32Exception failure)
        {
            LogNotStarted(failure.Message);
            error = new ApiError(ErrorCause.OutOfBuffers, "The router cannot decode sound files at present. Try again later.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            folder.LogUnwritable(failure);
            error = new ApiError(ErrorCause.OutOfBuffers, "The router has no room for sound files. Try again later.");
        }
        finally
        {
            sound?.Dispose();
            places.Leave();
        }

        return (null, error);
    }

    private async ValueTask<ApiError?> DecodeAsync(
        string program, UploadPart part, CodedFormat format, ServerConfig server, DecodedSound sound, CancellationToken cancellationToken)
    {
        using var copy = format.NeedsSeeking ? await SeekableCopy.MakeAsync(part, folder, cancellationToken) : null;
        await using var run = FfmpegProcess.Start(program, FfmpegArguments.Of(format, copy?.Path));
        await using var killing = cancellationToken.Register(run.Kill);
        var feeding = FeedAsync(run, copy is null ? part : null, cancellationToken);
        try
        {
            var error = await sound.ReadAsync(
                run.Output, server.Transcriptions.MaxDecodedMiB * MiB, server.MaxBufferedMiB * MiB, cancellationToken);
            if (error is not null || sound.IsTooLong)
            {
                return error ?? new ApiError(
                    ErrorCause.InvalidRequest,
                    $"The file cannot be transcribed: it is longer than {AudioWindows.MostHours} hours.", "file");
            }

            var (exitCode, complaint) = await run.EndAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return exitCode != 0 || sound.Length == 0
                ? Refuse(format, "cannot be decoded: it is broken, or has no sound") with { Detail = complaint }
                : null;
        }
        finally
        {
            run.Kill();
            await feeding;
        }
    }

    /// <summary>Writes the file to the process, or nothing.</summary>
    private static async Task FeedAsync(FfmpegProcess run, UploadPart? part, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = run.Input;
            if (part is { } file)
            {
                await file.CopyToAsync(input, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // It reads no more: what has become of it shows its exit code.
        }
    }

    private static ApiError Refuse(CodedFormat format, string why) =>
        new(ErrorCause.InvalidRequest, $"The file is {format.Name} that {why}.", "file");

    [LoggerMessage(2621, LogLevel.Error, "ffmpeg could not be started: {Reason}")]
    private partial void LogNotStarted(string reason);
}
