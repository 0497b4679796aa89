using Names = AiRouter.Core.Configuration.Operations;

namespace AiRouter.Core.Configuration;

/// <summary>
/// The default model of each operation: it answers requests that name no model, and names matched by
/// <see cref="Accept"/> (R10).
/// </summary>
public sealed record DefaultsConfig
{
    /// <summary>For chat completions.</summary>
    public string? Chat { get; init; }

    /// <summary>For legacy completions.</summary>
    public string? Completions { get; init; }

    /// <summary>For embeddings.</summary>
    public string? Embeddings { get; init; }

    /// <summary>For responses.</summary>
    public string? Responses { get; init; }

    /// <summary>For moderations.</summary>
    public string? Moderations { get; init; }

    /// <summary>For image generation, edits and variations.</summary>
    public string? Images { get; init; }

    /// <summary>For speech.</summary>
    public string? Speech { get; init; }

    /// <summary>For transcriptions and translations.</summary>
    public string? Transcriptions { get; init; }

    /// <summary>For rerank and score.</summary>
    public string? Rerank { get; init; }

    /// <summary>For realtime sessions.</summary>
    public string? Realtime { get; init; }

    /// <summary>Patterns of unknown names that the default model answers all the same, such as <c>gpt-3.5-*</c>.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The backend for operations without a model (files, batches, …), for keys that list the operation (R5).</summary>
    public string? Backend { get; init; }

    /// <summary>Each key with the operations that it is for and the model that it names.</summary>
    public IEnumerable<(string Key, IReadOnlyList<string> Operations, string? Model)> ByKey() =>
    [
        ("chat", [Names.Chat], Chat),
        ("completions", [Names.Completions], Completions),
        ("embeddings", [Names.Embeddings], Embeddings),
        ("responses", [Names.Responses], Responses),
        ("moderations", [Names.Moderations], Moderations),
        ("images", [Names.Images], Images),
        ("speech", [Names.Speech], Speech),
        ("transcriptions", [Names.Transcriptions, Names.Translations], Transcriptions),
        ("rerank", [Names.Rerank, Names.Score], Rerank),
        ("realtime", [Names.Realtime], Realtime),
    ];
}
