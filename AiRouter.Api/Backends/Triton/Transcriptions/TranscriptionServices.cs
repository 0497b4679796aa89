using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Core.Health;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>What transcriptions on Triton need.</summary>
internal static class TranscriptionServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddTranscriptions(this IServiceCollection services) => services
        .AddSingleton<PrefixRenderer>()
        .AddSingleton(static s =>
        {
            var settings = s.GetRequiredService<IConfiguration>();
            return FfmpegLocation.Find(settings[FfmpegLocation.Variable], settings["PATH"]);
        })
        .AddSingleton<FfmpegProgram>()
        .AddSingleton<IHealthSource>(static s => s.GetRequiredService<FfmpegProgram>())
        .AddSingleton<DecoderPlaces>()
        .AddSingleton<FfmpegDecoder>()
        .AddSingleton<SoundReader>()
        .AddHostedService<FormatNotice>();
}
