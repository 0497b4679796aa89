namespace AiRouter.Triton.Models;

/// <summary>All adapters. The first that fits a model speaks to it, so the most particular come first.</summary>
internal static class ModelAdapters
{
    private static readonly IModelAdapter[] All =
    [
        new HelperModel(),
        new RawEngineModel(),
        new VllmAdapter(),
        new LlmApiAdapter(),
        new TensorRtLlmAdapter(),
        new GenericTextAdapter(),
        new WhisperAdapter(),
        new EmbeddingAdapter(),
        new UnknownModel(),
    ];

    public static IModelAdapter For(TritonModel model) => Array.Find(All, adapter => adapter.Fits(model))!;
}
