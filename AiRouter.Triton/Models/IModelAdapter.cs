using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton.Models;

/// <summary>
/// What is particular to a family of models. Adding one is a file and a line in <see cref="ModelAdapters"/>.
/// </summary>
internal interface IModelAdapter
{
    string Name { get; }

    ModelKind Kind { get; }

    /// <summary>Whether a model with these inputs and outputs is of the family.</summary>
    bool Fits(TritonModel model);

    /// <summary>Why a model that fits is of the family: sentences for people, with what its configuration shows.</summary>
    string Reason(TritonModel model);
}

/// <summary>A family that generates text.</summary>
internal interface IGenerationAdapter : IModelAdapter
{
    /// <summary>Whether this model takes the parameter.</summary>
    bool Supports(TritonModel model, GenerationParameter parameter);

    /// <summary>The most images of one request; 0: none.</summary>
    int MaxImages(TritonModel model);

    /// <summary>What streamed text is (R14).</summary>
    TextForm TextForm(TritonModel model);

    /// <summary>Whether answers begin with the prompt, because the model has no input to turn that off.</summary>
    bool EchoesPrompt(TritonModel model, bool stream);

    /// <summary>The request with everything said that decides how tokens are chosen (R12).</summary>
    GenerationRequest WithSampling(TritonModel model, GenerationRequest request, Random random);

    /// <summary>Adds the inputs; gives what is wrong with the request, or null.</summary>
    TritonFailure? Write(TritonModel model, GenerationRequest request, bool stream, InferRequest target);
}

/// <summary>A family that makes embeddings.</summary>
internal interface IEmbeddingAdapter : IModelAdapter
{
    bool CanEmbed(TritonModel model);

    bool TakesTexts(TritonModel model);

    bool TakesTokens(TritonModel model);

    bool TakesDimensions(TritonModel model);

    /// <summary>
    /// The most inputs that one call may carry; inputs of one call are all texts, or all token arrays of one length.
    /// </summary>
    int MaxInputs(TritonModel model);

    /// <summary>Adds the inputs; gives what is wrong with the request, or null.</summary>
    TritonFailure? Write(
        TritonModel model, IReadOnlyList<EmbeddingInput> inputs, int? dimensions, InferRequest target);

    /// <summary>
    /// Reads the vectors of a response, as many as there were inputs, to be disposed; null when they are not there.
    /// </summary>
    VectorBlock? Read(TritonModel model, InferResponse response, int count);
}

/// <summary>A family that writes down what is said.</summary>
internal interface ITranscriptionAdapter : IModelAdapter
{
    /// <summary>Whether this model takes a temperature.</summary>
    bool TakesTemperature(TritonModel model);

    /// <summary>What the texts of several responses are (R14).</summary>
    TextForm TextForm(TritonModel model);

    /// <summary>Adds the inputs; gives what is wrong with the request, or null.</summary>
    TritonFailure? Write(TritonModel model, TranscriptionRequest request, InferRequest target);

    /// <summary>Reads the text of a response; false when it is not there.</summary>
    bool TryRead(InferResponse response, out ReadOnlySpan<byte> text);
}
