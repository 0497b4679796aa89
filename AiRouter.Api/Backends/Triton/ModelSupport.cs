using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Backends.Triton;

/// <summary>Holds what a request asks for against what the model's inputs can carry (R11).</summary>
internal static class ModelSupport
{
    /// <summary>What most clients call a guide; who asked for one otherwise is told by that name.</summary>
    public const string Guide = "response_format";

    /// <summary>The request with nothing in it that the model cannot take; or the error that names what it cannot.</summary>
    public static GenerationRequest Fit(
        TritonModel model, GenerationRequest request, UnsupportedList unsupported, out ApiError? error)
    {
        error = null;
        foreach (var parameter in request.Given.Where(p => !model.Supports(p)).ToList())
        {
            error = parameter switch
            {
                // We look for stop texts ourselves; the model's own help only saves its time.
                GenerationParameter.Stop => null,
                GenerationParameter.Lora => TritonErrors.Of(
                    new TritonFailure(TritonFailureKind.Unsupported, "The model takes no adapter.", parameter)) with
                {
                    Stage = AttemptStage.None,
                },
                GenerationParameter.Guide or GenerationParameter.Images => unsupported.Refuse(NameOf(parameter)),
                _ => unsupported.Add(NameOf(parameter)),
            };
            if (error is not null)
            {
                return request;
            }

            request = request.Without(parameter);
        }

        return request;
    }

    /// <summary>What clients call a parameter.</summary>
    public static string NameOf(GenerationParameter parameter) => parameter switch
    {
        GenerationParameter.PromptTokens => "prompt",
        GenerationParameter.Temperature => "temperature",
        GenerationParameter.TopP => "top_p",
        GenerationParameter.TopK => "top_k",
        GenerationParameter.MinP => "min_p",
        GenerationParameter.Seed => "seed",
        GenerationParameter.Stop => "stop",
        GenerationParameter.StopTokenIds => "stop_token_ids",
        GenerationParameter.BadWords => "bad_words",
        GenerationParameter.FrequencyPenalty => "frequency_penalty",
        GenerationParameter.PresencePenalty => "presence_penalty",
        GenerationParameter.RepetitionPenalty => "repetition_penalty",
        GenerationParameter.LengthPenalty => "length_penalty",
        GenerationParameter.MinTokens => "min_tokens",
        GenerationParameter.IgnoreEos => "ignore_eos",
        GenerationParameter.SkipSpecialTokens => "skip_special_tokens",
        GenerationParameter.LogitBias => "logit_bias",
        GenerationParameter.LogProbs => "logprobs",
        GenerationParameter.TopLogProbs => "top_logprobs",
        GenerationParameter.Guide => Guide,
        GenerationParameter.Images => "messages",
        _ => "model",
    };
}
