namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>What a Triton server has.</summary>
/// <param name="Version">The server's version.</param>
/// <param name="Models">Its models, by name.</param>
/// <param name="IsCut">Whether there were more than are shown.</param>
public sealed record RepositoryView(string? Version, IReadOnlyList<RepositoryModelView> Models, bool IsCut);

/// <summary>A model of a Triton server.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="State">What has become of it.</param>
public sealed record RepositoryModelView(string Name, RepositoryState State)
{
    /// <summary>Its versions and what the server says of each.</summary>
    public IReadOnlyList<RepositoryVersionView> Versions { get; init; } = [];

    /// <summary>What it takes and gives; absent: it is not loaded, or that could not be read.</summary>
    public ContractView? Contract { get; init; }

    /// <summary>Why its configuration could not be read.</summary>
    public string? ContractFailure { get; init; }
}

/// <summary>A version of a model.</summary>
/// <param name="Version">Its number.</param>
/// <param name="State">The server's word: <c>READY</c>, <c>LOADING</c>, <c>UNLOADING</c>, <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is not ready, in the server's words.</param>
public sealed record RepositoryVersionView(string Version, string State, string? Reason);

/// <summary>What has become of a model.</summary>
public enum RepositoryState
{
    /// <summary>It can be called.</summary>
    Ready,

    /// <summary>It is being loaded.</summary>
    Loading,

    /// <summary>It is being unloaded.</summary>
    Unloading,

    /// <summary>It was unloaded, or could not be loaded.</summary>
    Unavailable,

    /// <summary>It was never loaded.</summary>
    NotLoaded,
}

/// <summary>What a model takes and gives, and how AiRouter speaks to it.</summary>
/// <param name="Adapter">The adapter that speaks to it.</param>
/// <param name="AdapterReason">Why that one.</param>
/// <param name="IsServable">False: it is a part of other models, or nothing that AiRouter can call.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it gives.</param>
public sealed record ContractView(
    string Adapter, string AdapterReason, bool IsServable, IReadOnlyList<TensorView> Inputs, IReadOnlyList<TensorView> Outputs)
{
    /// <summary>The server's backend or platform, such as <c>vllm</c> or <c>ensemble</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>The most inputs of one batch; 0: it has no batches.</summary>
    public int MaxBatchSize { get; init; }

    /// <summary>Whether it generates text.</summary>
    public bool Generates { get; init; }

    /// <summary>Whether it makes embeddings.</summary>
    public bool Embeds { get; init; }

    /// <summary>Whether it writes down what is said.</summary>
    public bool Transcribes { get; init; }

    /// <summary>What follows for requests, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>An input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its elements are, such as <c>BYTES</c> or <c>FP32</c>.</param>
/// <param name="Shape">Its dimensions without the batch, such as <c>[-1]</c>; -1 is any.</param>
/// <param name="IsOptional">Whether a request may leave it out.</param>
public sealed record TensorView(string Name, string Type, string Shape, bool IsOptional);
