using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton.Models;

/// <summary>TensorRT-LLM's <c>ensemble</c> and <c>tensorrt_llm_bls</c> (<c>triton.md</c> §1.1, §1.2).</summary>
internal sealed class TensorRtLlmAdapter : IGenerationAdapter
{
    /// <summary>The inputs of all releases; generic text models that declare some are sent them too.</summary>
    internal static readonly InputNames Names = new()
    {
        MaxTokens = ["max_tokens"],
        Stream = ["stream"],
        ExcludePrompt = ["exclude_input_in_output"],
        Wanted = ["return_num_input_tokens", "return_num_output_tokens", "return_finish_reason"],
        Parameters = new Dictionary<GenerationParameter, string[]>
        {
            [GenerationParameter.Temperature] = ["temperature"],
            [GenerationParameter.TopP] = ["top_p"],
            [GenerationParameter.TopK] = ["top_k"],
            [GenerationParameter.MinP] = ["min_p"],
            [GenerationParameter.Seed] = ["seed", "random_seed"],
            [GenerationParameter.Stop] = ["stop_words"],
            [GenerationParameter.BadWords] = ["bad_words"],
            [GenerationParameter.FrequencyPenalty] = ["frequency_penalty"],
            [GenerationParameter.PresencePenalty] = ["presence_penalty"],
            [GenerationParameter.RepetitionPenalty] = ["repetition_penalty"],
            [GenerationParameter.LengthPenalty] = ["length_penalty"],
            [GenerationParameter.MinTokens] = ["min_tokens", "min_length"],
        },
    };

    private readonly TensorRequestWriter _writer = new(Names);

    public string Name => "tensorrt-llm";

    public ModelKind Kind => ModelKind.TensorRtLlm;

    public bool Fits(TritonModel model) =>
        model.FindInput("text_input") is not null
        && model.FindInput("max_tokens") is not null
        && model.FindOutput("text_output") is not null;

    public string Reason(TritonModel model)
    {
        var inputs = "It takes text_input and max_tokens and gives text_output, as TensorRT-LLM's ensemble and BLS model do.";
        return model.Parts is { Count: > 0 } parts
            ? $"{inputs} It works through {string.Join(" and ", parts)} of the same server."
            : inputs;
    }

    public bool Supports(TritonModel model, GenerationParameter parameter) => _writer.Supports(model, parameter);

    public int MaxImages(TritonModel model) => ImageUrlWriter.MaxImages(model);

    /// <summary>
    /// BLS with <c>accumulate_tokens</c> sends all text so far each time; a template left unfilled counts as off, and
    /// only these words as on.
    /// </summary>
    public TextForm TextForm(TritonModel model) =>
        model.FindParameter("accumulate_tokens")?.ToLowerInvariant() is "true" or "yes" or "1" or "t"
            ? Text.TextForm.Cumulative
            : Text.TextForm.Delta;

    // A stream has only new tokens; a whole answer has the prompt in front.
    public bool EchoesPrompt(TritonModel model, bool stream) => !stream && model.FindInput(Names.ExcludePrompt) is null;

    public GenerationRequest WithSampling(TritonModel model, GenerationRequest request, Random random) =>
        Sampling.ForEngine(model, request, random);

    public TritonFailure? Write(TritonModel model, GenerationRequest request, bool stream, InferRequest target) =>
        _writer.Write(model, request, stream, target);
}
