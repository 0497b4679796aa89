namespace AiRouter.Triton.Models;

/// <summary>Pre- and postprocessing of TensorRT-LLM: parts of an ensemble, not for clients.</summary>
internal sealed class HelperModel : IModelAdapter
{
    public string Name => "helper";

    public ModelKind Kind => ModelKind.Helper;

    public bool Fits(TritonModel model) =>
        IsPreprocessing(model) || (model.FindInput("TOKENS_BATCH") is not null && model.FindOutput("OUTPUT") is not null);

    public string Reason(TritonModel model) => IsPreprocessing(model)
        ? "It takes QUERY and gives INPUT_ID: TensorRT-LLM's preprocessing, which an ensemble or BLS model works through."
        : "It takes TOKENS_BATCH and gives OUTPUT: TensorRT-LLM's postprocessing, which an ensemble or BLS model works through.";

    private static bool IsPreprocessing(TritonModel model) =>
        model.FindInput("QUERY") is not null && model.FindOutput("INPUT_ID") is not null;
}

/// <summary>The TensorRT-LLM engine: token ids in and out.</summary>
internal sealed class RawEngineModel : IModelAdapter
{
    public string Name => "raw engine";

    public ModelKind Kind => ModelKind.RawEngine;

    public bool Fits(TritonModel model) =>
        model.FindInput("input_ids") is not null && model.FindInput("request_output_len") is not null;

    public string Reason(TritonModel model) =>
        "It takes input_ids and request_output_len, tokens and no text: TensorRT-LLM's engine. The ensemble or BLS model in front of it " +
        "takes text.";
}

/// <summary>Anything else.</summary>
internal sealed class UnknownModel : IModelAdapter
{
    public string Name => "unknown";

    public ModelKind Kind => ModelKind.Unknown;

    public bool Fits(TritonModel model) => true;

    public string Reason(TritonModel model)
    {
        if (model.FindInput("text_input") is { } input)
        {
            return model.FindOutput("text_output") is null
                ? "It takes text_input, but gives no text_output."
                : $"Its text_input ({input.Type}) or text_output is no text (BYTES).";
        }

        return "A text model takes text_input and gives text_output; an embedding model takes one text or input_ids, and gives one vector " +
            "of floats; a Whisper model takes WAV and TEXT_PREFIX, and gives TRANSCRIPTS. It does none of these.";
    }
}
