using AiRouter.Api.Backends.Triton.Transcriptions;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

namespace AiRouter.Api.Commands;

/// <summary><c>check</c>: says everything that is wrong with the configuration.</summary>
internal static class CheckCommand
{
    public static readonly Command Command = new(
        "check", "checks the configuration; exit code 1 and every problem if anything is wrong", [], null, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var source = context.Source;
        if (context.Load(source)?.Model is not { } model)
        {
            return 1;
        }

        foreach (var warning in model.Warnings)
        {
            await context.Output.WriteLineAsync($"warning: {warning}");
        }

        if (TranscribingModels.AreIn(model))
        {
            var ffmpeg = FfmpegLocation.Find(
                context.Environment.GetValueOrDefault(FfmpegLocation.Variable), context.Environment.GetValueOrDefault("PATH"));
            var support = await FfmpegSurvey.RunAsync(ffmpeg, TimeProvider.System);
            await context.Output.WriteLineAsync($"sound files that transcriptions on Triton take: {support.Summary}");
        }

        var store = context.Environment.ContainsKey("ConnectionStrings__redis") ? " (the store was not asked)" : "";
        await context.Output.WriteLineAsync(
            $"{source.Name}: {model.Backends.Count} backends, {model.Models.All.Count} models, {model.Keys.Count} keys, no problems{store}");
        return 0;
    }
}
