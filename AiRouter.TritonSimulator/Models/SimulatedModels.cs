namespace AiRouter.TritonSimulator.Models;

/// <summary>The models of the repository, in the order of its index.</summary>
internal static class SimulatedModels
{
    public static IEnumerable<ISimulatedModel> All(SimulatorOptions options)
    {
        yield return new EmbeddingModel(options);
        yield return new EnsembleModel(options);
        yield return new GenericModel();
        yield return new PostprocessingModel(options);
        yield return new PreprocessingModel(options);
        yield return new LlmApiModel(options);
        yield return new BlsModel(options);
        yield return new VllmModel(options);
        yield return new WhisperModel(options);
    }
}
