using AiRouter.Triton.Contract;

namespace AiRouter.TritonSimulator.Models;

/// <summary>One model of the repository.</summary>
internal interface ISimulatedModel
{
    /// <summary>What ModelConfig tells.</summary>
    ModelConfig Config { get; }

    /// <summary>Answers a request that has passed validation, through its sink.</summary>
    Task RunAsync(InferenceRun run, CancellationToken cancellationToken);
}
