using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton.Models;

/// <summary>TensorRT-LLM's LLM-API model (<c>triton.md</c> §1.4).</summary>
internal sealed class LlmApiAdapter : IGenerationAdapter
{
    private static readonly InputNames Names = new()
    {
        MaxTokens = ["sampling_param_max_tokens"],
        Stream = ["streaming"],
        ExcludePrompt = ["sampling_param_exclude_input_from_output"],
        Wanted = ["return_finish_reason", "return_num_input_tokens", "return_num_output_tokens"],
        Parameters = new Dictionary<GenerationParameter, string[]>
        {
            [GenerationParameter.Temperature] = ["sampling_param_temperature"],
            [GenerationParameter.TopP] = ["sampling_param_top_p"],
            [GenerationParameter.TopK] = ["sampling_param_top_k"],
            [GenerationParameter.Seed] = ["sampling_param_seed"],
            [GenerationParameter.Stop] = ["sampling_param_stop"],
            [GenerationParameter.FrequencyPenalty] = ["sampling_param_frequency_penalty"],
            [GenerationParameter.PresencePenalty] = ["sampling_param_presence_penalty"],
        },
    };

    private readonly TensorRequestWriter _writer = new(Names);

    public string Name => "llm-api";

    public ModelKind Kind => ModelKind.LlmApi;

    public bool Fits(TritonModel model) =>
        model.FindInput("text_input") is not null && model.FindInput("sampling_param_max_tokens") is not null;

    public string Reason(TritonModel model) =>
        "It takes text_input and sampling_param_max_tokens, as TensorRT-LLM's LLM API does.";

    public bool Supports(TritonModel model, GenerationParameter parameter) => _writer.Supports(model, parameter);

    public int MaxImages(TritonModel model) => ImageUrlWriter.MaxImages(model);

    public TextForm TextForm(TritonModel model) => Text.TextForm.Detect;

    public bool EchoesPrompt(TritonModel model, bool stream) => !stream && model.FindInput(Names.ExcludePrompt) is null;

    public GenerationRequest WithSampling(TritonModel model, GenerationRequest request, Random random) =>
        Sampling.ForEngine(model, request, random);

    public TritonFailure? Write(TritonModel model, GenerationRequest request, bool stream, InferRequest target) =>
        _writer.Write(model, request, stream, target);
}
