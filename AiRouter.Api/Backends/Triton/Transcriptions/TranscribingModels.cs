using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>Whether a configuration is about transcriptions on Triton at all.</summary>
internal static class TranscribingModels
{
    /// <summary>A model on Triton is said to be for them, or is the one for requests without a model.</summary>
    public static bool AreIn(RouterModel model) => model.Models.All.Any(m =>
        m.Targets.Any(static t => t.Backend.Config.Kind == BackendKind.Triton) &&
        (m.Name == model.Config.Defaults.Transcriptions || m.Config.Operations?.Any(IsOne) == true));

    private static bool IsOne(string operation) => operation is Operations.Transcriptions or Operations.Translations;
}
