using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Models;

/// <summary>TensorRT-LLM's <c>ensemble</c>: deltas, the final flag on the last token.</summary>
internal sealed class EnsembleModel : TrtLlmModel
{
    private int _processed;

    public EnsembleModel(SimulatorOptions options)
        : base(Configure(options, TrtLlmTensors.Release(options.Release)), TrtLlmTensors.Release(options.Release))
    {
    }

    protected override string WhenMaxTokensWrong(int maxTokens)
    {
        return EngineError("[TensorRT-LLM][ERROR] Assertion failed: mMaxNewTokens > 0");
    }

    protected override string WhenTooLong(int tokens, int limit)
    {
        return EngineError(base.WhenTooLong(tokens, limit));
    }

    private string EngineError(string text)
    {
        var id = Interlocked.Increment(ref _processed);
        return $"in ensemble 'ensemble', Executor failed process requestId {id} due to the following error: Encountered an "
            + "error when fetching new request: " + text;
    }

    private static ModelConfig Configure(SimulatorOptions options, int release)
    {
        return new ModelConfig
        {
            Name = "ensemble",
            Platform = "ensemble",
            MaxBatchSize = 64,
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = options.Decoupled },
            EnsembleScheduling = new ModelEnsembling
            {
                Step =
                {
                    Step("preprocessing", ("QUERY", "text_input"), ("REQUEST_OUTPUT_LEN", "max_tokens")),
                    Step("tensorrt_llm", ("input_ids", "_INPUT_ID"), ("input_lengths", "_REQUEST_INPUT_LEN")),
                    Step("postprocessing", ("TOKENS_BATCH", "_TOKENS_BATCH"), ("SEQUENCE_LENGTH", "_LENGTH")),
                },
            },
        }
            .WithInputs(TrtLlmTensors.EnsembleInputs, release)
            .WithOutputs(TrtLlmTensors.Outputs, release);
    }

    private static ModelEnsembling.Types.Step Step(string model, params (string Input, string From)[] inputs)
    {
        return new ModelEnsembling.Types.Step
        {
            ModelName = model,
            ModelVersion = -1,
            InputMap = { inputs.ToDictionary(input => input.Input, input => input.From) },
        };
    }
}
