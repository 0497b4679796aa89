using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton.Models;

/// <summary>The vLLM backend: settings are one JSON text (<c>triton.md</c> §1.5). From 25.11 it embeds too.</summary>
internal sealed class VllmAdapter : IGenerationAdapter, IEmbeddingAdapter
{
    private const string ExcludePrompt = "exclude_input_in_output";
    private const string ReturnLogProbs = "return_logprobs";
    private const string EmbeddingRequest = "embedding_request";
    private const string Image = "image";

    /// <summary>Ours, so that one request stays bounded.</summary>
    private const int MostImages = 64;

    private static readonly string[] Wanted =
        ["return_finish_reason", "return_num_input_tokens", "return_num_output_tokens"];

    public string Name => "vllm";

    public ModelKind Kind => ModelKind.Vllm;

    public bool Fits(TritonModel model) =>
        model.Backend == "vllm"
        || (model.FindInput("text_input") is not null
            && model.FindInput("sampling_parameters") is not null
            && model.FindInput("max_tokens") is null);

    public string Reason(TritonModel model) => model.Backend == "vllm"
        ? "Its backend is vllm."
        : "It takes text_input and sampling_parameters and no max_tokens, as the vLLM backend does.";

    public bool Supports(TritonModel model, GenerationParameter parameter) => parameter switch
    {
        GenerationParameter.PromptTokens or GenerationParameter.LengthPenalty => false,
        GenerationParameter.LogProbs or GenerationParameter.TopLogProbs =>
            model.FindInput(ReturnLogProbs) is not null && model.FindOutput("logprobs") is not null,

        // vLLM has bad_words since the release of Triton that also brought the log probabilities (24.12).
        GenerationParameter.BadWords => model.FindInput(ReturnLogProbs) is not null,
        GenerationParameter.Stop => true,
        GenerationParameter.Guide => VllmGuides.MemberFor(model) is not null,
        GenerationParameter.Images => MaxImages(model) > 0,
        _ => model.FindInput("sampling_parameters") is not null,
    };

    /// <summary>
    /// From 24.12 every vLLM model declares the input. One that sees nothing refuses an image, and every model refuses
    /// more than its own limit, which its configuration does not tell.
    /// </summary>
    public int MaxImages(TritonModel model) => model.FindInput(Image) switch
    {
        { Type: DataType.TypeString, Dims: [.., -1] } => MostImages,
        { Type: DataType.TypeString } => 1,
        _ => 0,
    };

    /// <summary>Backends before 24.03 have no way to leave the prompt out, and send all text so far.</summary>
    public TextForm TextForm(TritonModel model) =>
        model.FindInput(ExcludePrompt) is null ? Text.TextForm.Cumulative : Text.TextForm.Delta;

    public bool EchoesPrompt(TritonModel model, bool stream) => model.FindInput(ExcludePrompt) is null;

    public GenerationRequest WithSampling(TritonModel model, GenerationRequest request, Random random) =>
        Sampling.ForVllm(model, request, random);

    public TritonFailure? Write(TritonModel model, GenerationRequest request, bool stream, InferRequest target)
    {
        if (request.Seed > long.MaxValue)
        {
            return GenerationChecks.Invalid(GenerationParameter.Seed, $"is above {long.MaxValue}");
        }

        if (request.Lora is { Name: null })
        {
            return GenerationChecks.Invalid(GenerationParameter.Lora, "needs a name");
        }

        if (model.FindInput("text_input") is not { } text
            || model.FindInput("sampling_parameters") is not { } parameters)
        {
            return new TritonFailure(
                TritonFailureKind.ContractMismatch, "The model has no text_input or sampling_parameters.");
        }

        target.AddText(text, request.Prompt.Span);
        target.AddText(parameters, VllmParameters.Write(request, VllmGuides.MemberFor(model)));
        if (request.Images.Count > 0)
        {
            var texts = request.Images.Select(image => ImageTexts.Base64(image.Span));
            target.AddTexts(model.FindInput(Image)!, [.. texts]);
        }

        AddBool(model, "stream", stream, target);
        AddBool(model, ExcludePrompt, true, target);
        foreach (var wanted in Wanted)
        {
            AddBool(model, wanted, true, target);
        }

        if (request.LogProbs)
        {
            AddBool(model, ReturnLogProbs, true, target);
        }

        return RequiredInputs.Complete(model, target);
    }

    public bool CanEmbed(TritonModel model) => model.FindInput(EmbeddingRequest) is not null;

    public bool TakesTexts(TritonModel model) => true;

    public bool TakesTokens(TritonModel model) => true;

    public bool TakesDimensions(TritonModel model) => true;

    public int MaxInputs(TritonModel model) => 1;

    public TritonFailure? Write(
        TritonModel model, IReadOnlyList<EmbeddingInput> inputs, int? dimensions, InferRequest target)
    {
        if (model.FindInput(EmbeddingRequest) is not { Type: DataType.TypeString } embedding)
        {
            return new TritonFailure(TritonFailureKind.ContractMismatch, "The model has no embedding_request.");
        }

        target.AddText(embedding, VllmEmbeddings.Write(inputs[0], dimensions));
        AddBool(model, "return_num_input_tokens", true, target);

        // Unused, yet counted as required.
        if (model.FindInput("text_input") is { } text)
        {
            target.AddText(text, inputs[0].Text.Span);
        }

        return RequiredInputs.Complete(model, target);
    }

    public VectorBlock? Read(TritonModel model, InferResponse response, int count) =>
        response.TryFind("text_output"u8, out var output) && output.TryReadText(out var json)
            ? VllmEmbeddings.Read(json)
            : null;

    private static void AddBool(TritonModel model, string name, bool value, InferRequest target)
    {
        if (model.FindInput(name) is { } input)
        {
            target.AddBool(input, value);
        }
    }
}
