using System.Text;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>Writes a generation for the families that take every setting as a tensor of its own.</summary>
internal sealed class TensorRequestWriter(InputNames names)
{
    public bool Supports(TritonModel model, GenerationParameter parameter) => parameter switch
    {
        GenerationParameter.Stop => true,
        GenerationParameter.Lora => LoraWriter.Supports(model),
        GenerationParameter.Guide => GuideWriter.Supports(model),
        GenerationParameter.Images => ImageUrlWriter.MaxImages(model) > 0,
        _ => names.Parameters.TryGetValue(parameter, out var inputs) && model.FindInput(inputs) is not null,
    };

    public TritonFailure? Write(TritonModel model, GenerationRequest request, bool stream, InferRequest target)
    {
        if (model.FindInput("text_input") is not { } text)
        {
            return new TritonFailure(TritonFailureKind.ContractMismatch, "The model has no text_input.");
        }

        target.AddText(text, request.Prompt.Span);
        if (model.FindInput(names.MaxTokens) is { } maxTokens && !target.AddInteger(maxTokens, request.MaxTokens))
        {
            return new TritonFailure(
                TritonFailureKind.InvalidRequest, $"{maxTokens.Name}: {request.MaxTokens} does not fit.");
        }

        foreach (var parameter in request.Given)
        {
            if (WriteParameter(model, request, parameter, target) is { } failure)
            {
                return failure;
            }
        }

        AddTrue(model, names.ExcludePrompt, target);
        foreach (var wanted in names.Wanted)
        {
            AddTrue(model, [wanted], target);
        }

        if (stream)
        {
            AddTrue(model, names.Stream, target);
        }

        return RequiredInputs.Complete(model, target);
    }

    private static void AddTrue(TritonModel model, ReadOnlySpan<string> inputs, InferRequest target)
    {
        if (model.FindInput(inputs) is { } input)
        {
            target.AddBool(input, true);
        }
    }

    private TritonFailure? WriteParameter(
        TritonModel model, GenerationRequest request, GenerationParameter parameter, InferRequest target)
    {
        switch (parameter)
        {
            case GenerationParameter.Lora:
                return LoraWriter.Write(model, request.Lora!, target);
            case GenerationParameter.Guide:
                return GuideWriter.Write(model, request.Guide!, target);
            case GenerationParameter.Images:
                return ImageUrlWriter.Write(model, request.Images, target);
        }

        if (!names.Parameters.TryGetValue(parameter, out var inputs) || model.FindInput(inputs) is not { } input)
        {
            // Stop strings are found in the text by the caller in any case.
            return parameter == GenerationParameter.Stop ? null : GenerationChecks.Unsupported(parameter);
        }

        var fits = parameter switch
        {
            GenerationParameter.Temperature => target.AddNumber(input, request.Temperature!.Value),
            GenerationParameter.TopP => target.AddNumber(input, request.TopP!.Value),
            GenerationParameter.TopK => target.AddInteger(input, request.TopK!.Value),
            GenerationParameter.MinP => target.AddNumber(input, request.MinP!.Value),
            GenerationParameter.Seed => target.AddInteger(input, request.Seed!.Value),
            GenerationParameter.Stop => AddWords(target, input, request.Stop),
            GenerationParameter.BadWords => AddWords(target, input, request.BadWords),
            GenerationParameter.FrequencyPenalty => target.AddNumber(input, request.FrequencyPenalty!.Value),
            GenerationParameter.PresencePenalty => target.AddNumber(input, request.PresencePenalty!.Value),
            GenerationParameter.RepetitionPenalty => target.AddNumber(input, request.RepetitionPenalty!.Value),
            GenerationParameter.LengthPenalty => target.AddNumber(input, request.LengthPenalty!.Value),
            GenerationParameter.MinTokens => target.AddInteger(input, request.MinTokens!.Value),
            _ => throw new InvalidOperationException($"{parameter} has an input but no way to write it."),
        };
        return fits ? null : GenerationChecks.Invalid(parameter, $"does not fit {input.Name} ({input.Type})");
    }

    private static bool AddWords(InferRequest target, TensorSpec input, IReadOnlyList<string> words)
    {
        target.AddTexts(input, [.. words.Select(word => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(word))]);
        return true;
    }
}
