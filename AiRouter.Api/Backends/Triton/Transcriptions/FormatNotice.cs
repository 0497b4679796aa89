using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// Sees to it that the log and <c>/health/ready</c> tell which sound files are taken, as soon as a configuration has a model for them:
/// not only when the first one has come.
/// </summary>
internal sealed class FormatNotice(IRouterConfiguration configuration, FfmpegProgram ffmpeg) : IHostedService
{
    private IDisposable? _subscription;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = configuration.OnChange(Ask);
        if (configuration.Current is { } model)
        {
            Ask(model);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    private void Ask(RouterModel model)
    {
        if (model.Config.Server.Transcriptions.Decoders > 0 && TranscribingModels.AreIn(model))
        {
            // Nobody waits for it: it tells by itself, and does not fail.
            _ = ffmpeg.FindAsync();
        }
    }
}
