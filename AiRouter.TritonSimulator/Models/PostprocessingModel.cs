using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// The helper <c>postprocessing</c>, in the repository as beside every ensemble. The simulator's token ids are hashes, which
/// nothing turns back into text, so that it refuses every request.
/// </summary>
internal sealed class PostprocessingModel(SimulatorOptions options) : ISimulatedModel
{
    public ModelConfig Config { get; } = new ModelConfig
    {
        Name = "postprocessing",
        Backend = "python",
        Runtime = "model.py",
        MaxBatchSize = 64,
        ModelTransactionPolicy = new ModelTransactionPolicy(),
        Parameters =
        {
            ["skip_special_tokens"] = new ModelParameter { StringValue = options.SkipSpecialTokens ? "true" : "false" },
        },
    }
        .WithInputs("""
            TOKENS_BATCH    INT32 -1,-1 REQ
            SEQUENCE_LENGTH INT32 -1 REQ
            """)
        .WithOutputs("OUTPUT STRING -1");

    public Task RunAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        return run.FailAsync("the simulator's token ids cannot be turned back into text");
    }
}
