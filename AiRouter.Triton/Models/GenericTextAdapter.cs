using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton.Models;

/// <summary>
/// Any model from <c>text_input</c> to <c>text_output</c>; settings are sent where it declares them under
/// TensorRT-LLM's names.
/// </summary>
internal sealed class GenericTextAdapter : IGenerationAdapter
{
    private readonly TensorRequestWriter _writer = new(TensorRtLlmAdapter.Names);

    public string Name => "text";

    public ModelKind Kind => ModelKind.GenericText;

    public bool Fits(TritonModel model) =>
        model.FindInput("text_input") is { Type: DataType.TypeString }
        && model.FindOutput("text_output") is { Type: DataType.TypeString };

    public string Reason(TritonModel model) =>
        "It takes text_input and gives text_output, and has the inputs of no family that AiRouter knows: settings go to it where it " +
        "declares them under TensorRT-LLM's names.";

    public bool Supports(TritonModel model, GenerationParameter parameter) => _writer.Supports(model, parameter);

    public int MaxImages(TritonModel model) => ImageUrlWriter.MaxImages(model);

    public TextForm TextForm(TritonModel model) => Text.TextForm.Delta;

    public bool EchoesPrompt(TritonModel model, bool stream) => false;

    public GenerationRequest WithSampling(TritonModel model, GenerationRequest request, Random random) =>
        Sampling.ForEngine(model, request, random);

    public TritonFailure? Write(TritonModel model, GenerationRequest request, bool stream, InferRequest target) =>
        _writer.Write(model, request, stream, target);
}
