namespace AiRouter.Triton.Models;

/// <summary>Pre- and postprocessing of TensorRT-LLM: parts of an ensemble, not for clients.</summary>
internal sealed class HelperModel : IModelAdapter
{
    public string Name => "helper";

    public ModelKind Kind => ModelKind.Helper;

    public bool Fits(TritonModel model) =>
        (model.FindInput("QUERY") is not null && model.FindOutput("INPUT_ID") is not null)
        || (model.FindInput("TOKENS_BATCH") is not null && model.FindOutput("OUTPUT") is not null);
}

/// <summary>The TensorRT-LLM engine: token ids in and out.</summary>
internal sealed class RawEngineModel : IModelAdapter
{
    public string Name => "raw engine";

    public ModelKind Kind => ModelKind.RawEngine;

    public bool Fits(TritonModel model) =>
        model.FindInput("input_ids") is not null && model.FindInput("request_output_len") is not null;
}

/// <summary>Anything else.</summary>
internal sealed class UnknownModel : IModelAdapter
{
    public string Name => "unknown";

    public ModelKind Kind => ModelKind.Unknown;

    public bool Fits(TritonModel model) => true;
}
