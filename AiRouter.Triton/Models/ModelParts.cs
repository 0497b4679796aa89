using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Models;

/// <summary>
/// The models that one of TensorRT-LLM works through: an ensemble names them in its steps; the BLS model has the name
/// of its preprocessing in its code and that of its engine in its parameters.
/// </summary>
/// <param name="Preprocessing">The model that makes tokens of the prompt; null when there is none.</param>
/// <param name="Engine">The model that generates; null when there is none.</param>
internal sealed record ModelParts(string? Preprocessing, string? Engine)
{
    private const string EngineName = "tensorrt_llm_model_name";

    public static ModelParts None { get; } = new(null, null);

    /// <summary>The parts of a model.</summary>
    public static ModelParts Of(TritonModel model, ModelConfig config)
    {
        if (config.EnsembleScheduling is { Step.Count: > 0 } ensemble)
        {
            return new ModelParts(NameOf(ensemble, "QUERY"), NameOf(ensemble, "input_ids"));
        }

        // The BLS model of every release has one or both of the parameters; no other model has them.
        return model.Parameters.ContainsKey(EngineName) || model.Parameters.ContainsKey("accumulate_tokens")
            ? new ModelParts("preprocessing", model.FindParameter(EngineName) ?? "tensorrt_llm")
            : None;
    }

    private static string? NameOf(ModelEnsembling ensemble, string input) =>
        ensemble.Step.FirstOrDefault(step => step.InputMap.ContainsKey(input))?.ModelName;
}
