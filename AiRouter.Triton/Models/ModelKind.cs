namespace AiRouter.Triton.Models;

/// <summary>The family of a model, as its inputs and outputs show (<c>triton.md</c> §1.0).</summary>
public enum ModelKind
{
    /// <summary>None that AiRouter can call.</summary>
    Unknown,

    /// <summary>TensorRT-LLM's <c>ensemble</c> or <c>tensorrt_llm_bls</c>: text in, text out.</summary>
    TensorRtLlm,

    /// <summary>TensorRT-LLM's LLM-API model (<c>sampling_param_*</c>).</summary>
    LlmApi,

    /// <summary>The vLLM backend.</summary>
    Vllm,

    /// <summary><c>text_input</c> to <c>text_output</c>.</summary>
    GenericText,

    /// <summary>Text or tokens to a vector.</summary>
    Embeddings,

    /// <summary>Whisper: audio and a prefix of tokens to text.</summary>
    Transcription,

    /// <summary>The TensorRT-LLM engine itself: token ids in and out; it needs a tokenizer in front.</summary>
    RawEngine,

    /// <summary>A part of an ensemble: pre- or postprocessing.</summary>
    Helper,
}
