namespace AiRouter.Triton.Models;

/// <summary>
/// Checks values before they are sent: Triton answers a bad value with an error that names nothing (vLLM:
/// <c>'NoneType' object has no attribute 'lora_name'</c>).
/// </summary>
internal static class GenerationChecks
{
    public static TritonFailure Unsupported(GenerationParameter parameter) =>
        new(TritonFailureKind.Unsupported, $"The model has no way to take {parameter}.", parameter);

    public static TritonFailure Invalid(GenerationParameter parameter, string problem) =>
        new(TritonFailureKind.InvalidRequest, $"{parameter} {problem}.", parameter);

    public static TritonFailure? Check(TritonModel model, GenerationRequest request)
    {
        foreach (var parameter in request.Given)
        {
            if (!model.Supports(parameter))
            {
                return Unsupported(parameter);
            }
        }

        if (request.MaxTokens < 1)
        {
            return new TritonFailure(
                TritonFailureKind.InvalidRequest, $"MaxTokens is {request.MaxTokens}, at least 1 is needed.");
        }

        return CheckRange(GenerationParameter.Temperature, request.Temperature, 0, double.MaxValue)
            ?? CheckRange(GenerationParameter.TopP, request.TopP, 0, 1)
            ?? CheckRange(GenerationParameter.MinP, request.MinP, 0, 1)
            ?? CheckRange(GenerationParameter.TopK, request.TopK, -1, int.MaxValue)
            ?? CheckRange(GenerationParameter.FrequencyPenalty, request.FrequencyPenalty, -2, 2)
            ?? CheckRange(GenerationParameter.PresencePenalty, request.PresencePenalty, -2, 2)
            ?? CheckRange(
                GenerationParameter.RepetitionPenalty, request.RepetitionPenalty, double.Epsilon, double.MaxValue)
            ?? CheckRange(GenerationParameter.LengthPenalty, request.LengthPenalty, double.MinValue, double.MaxValue)
            ?? CheckRange(GenerationParameter.MinTokens, request.MinTokens, 0, request.MaxTokens)
            ?? CheckRange(GenerationParameter.TopLogProbs, request.TopLogProbs, 0, 20)
            ?? CheckWords(GenerationParameter.Stop, request.Stop)
            ?? CheckWords(GenerationParameter.BadWords, request.BadWords)
            ?? CheckBias(request.LogitBias)
            ?? CheckImages(model, request.Images)
            ?? (request.Guide is null ? null : GuideChecks.Check(request.Guide));
    }

    private static TritonFailure? CheckRange(GenerationParameter parameter, double? value, double least, double most) =>
        value is null || (value >= least && value <= most)
            ? null
            : Invalid(parameter, $"is {value}, not from {least} to {most}");

    private static TritonFailure? CheckWords(GenerationParameter parameter, IReadOnlyList<string> words) =>
        words.Any(string.IsNullOrEmpty) ? Invalid(parameter, "has an empty string") : null;

    private static TritonFailure? CheckImages(TritonModel model, IReadOnlyList<ReadOnlyMemory<byte>> images) =>
        images.Count > model.MaxImages
            ? Invalid(GenerationParameter.Images, $"are {images.Count}, the model takes at most {model.MaxImages}")
            : images.Any(image => image.IsEmpty) ? Invalid(GenerationParameter.Images, "has an empty file") : null;

    private static TritonFailure? CheckBias(IReadOnlyDictionary<int, double>? biases) =>
        biases is not null && biases.Any(bias => bias.Key < 0 || !(Math.Abs(bias.Value) <= 100))
            ? Invalid(GenerationParameter.LogitBias, "has a token id below 0 or a bias beyond 100")
            : null;
}
