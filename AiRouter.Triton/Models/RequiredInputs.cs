using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>
/// Checks that every required input is there. Triton only counts inputs: with an optional one too many it lets a
/// request pass that misses a required one (<c>triton.md</c> §1.0).
/// </summary>
internal static class RequiredInputs
{
    /// <summary>The word lists that the first TensorRT-LLM releases required; an empty word is skipped there.</summary>
    private static readonly string[] EmptyWhenRequired =
        ["stop_words", "bad_words", "STOP_WORDS_DICT", "BAD_WORDS_DICT"];

    public static TritonFailure? Complete(TritonModel model, InferRequest target)
    {
        foreach (var input in model.Inputs)
        {
            if (input.IsOptional || target.Names.Contains(input.Name))
            {
                continue;
            }

            if (input.Type != DataType.TypeString || !EmptyWhenRequired.Contains(input.Name))
            {
                return new TritonFailure(
                    TritonFailureKind.ContractMismatch,
                    $"The model requires the input {input.Name}, which AiRouter does not know.");
            }

            target.AddText(input, default);
        }

        return null;
    }
}
