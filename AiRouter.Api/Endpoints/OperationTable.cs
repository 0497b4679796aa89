using AiRouter.Core.Configuration;

namespace AiRouter.Api.Endpoints;

/// <summary>Every operation that is routed by a model.</summary>
internal static class OperationTable
{
    /// <summary>In the order of <c>openai-api.md</c> §1.</summary>
    public static readonly IReadOnlyList<Operation> WithModel =
    [
        new() { Name = Operations.Chat, Path = "/chat/completions", MayStream = true },
        new() { Name = Operations.Completions, Path = "/completions", MayStream = true },
        new() { Name = Operations.Embeddings, Path = "/embeddings" },
    ];
}
