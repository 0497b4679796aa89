namespace AiRouter.Core.Configuration.Explaining;

/// <summary>What becomes of a request for a model, and why: which model answers, which of its targets, or the error that the client gets.</summary>
public sealed record ModelExplanation
{
    /// <summary>The name that was asked for; absent: none.</summary>
    public string? Asked { get; init; }

    /// <summary>What was asked of the model.</summary>
    public required string Operation { get; init; }

    /// <summary>How a model was found.</summary>
    public required ModelMatch Match { get; init; }

    /// <summary>The name or pattern of the model in the configuration; absent: there is none.</summary>
    public string? Model { get; init; }

    /// <summary>The public name that answers, as <c>x-airouter-model</c> tells the client; absent: there is none.</summary>
    public string? PublicName { get; init; }

    /// <summary>Other models whose patterns fit the name: the first of them would answer if the model were not there.</summary>
    public IReadOnlyList<string> AlsoFitting { get; init; } = [];

    /// <summary>The pattern of <c>defaults.accept</c> that lets the default model answer for the name.</summary>
    public string? AcceptedBy { get; init; }

    /// <summary>Names that are like the one that nobody has.</summary>
    public IReadOnlyList<string> NearNames { get; init; } = [];

    /// <summary>The error that the client gets; absent: a target is asked.</summary>
    public ExplainedRefusal? Refusal { get; init; }

    /// <summary>How one of the targets is chosen.</summary>
    public TargetPolicy? Policy { get; init; }

    /// <summary>Who would be asked: the best group first, targets that are switched off last.</summary>
    public IReadOnlyList<ExplainedTarget> Targets { get; init; } = [];

    /// <summary>Which models answer when this one cannot, in their order.</summary>
    public IReadOnlyList<ExplainedFallback> Fallbacks { get; init; } = [];
}

/// <summary>How a model is found for a name.</summary>
public enum ModelMatch
{
    /// <summary>It is not: the client gets an error.</summary>
    None,

    /// <summary>It has this very name.</summary>
    Exact,

    /// <summary>Its name is a pattern that fits, the most specific one.</summary>
    Pattern,

    /// <summary>It is the default model of the operation, and stands in.</summary>
    Default,
}

/// <summary>The error that a client gets.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error's <c>code</c>; absent: it has none.</param>
/// <param name="Why">Why, in a sentence.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record ExplainedRefusal(int Status, string? Code, string Why, string Mend);

/// <summary>A target as it would be asked.</summary>
/// <param name="Index">Its place in the model's list.</param>
/// <param name="Backend">The backend's name.</param>
/// <param name="Kind">What the backend speaks.</param>
/// <param name="Model">The model that the backend is asked for.</param>
/// <param name="Priority">Its group: the lowest is asked first.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Share">Its part of the requests of its group, by weight: 0 to 1; 0: never asked.</param>
/// <param name="Obstacle">Why a request that comes to it fails; absent: nothing is known against it.</param>
public sealed record ExplainedTarget(
    int Index, string Backend, BackendKind Kind, string Model, int Priority, int Weight, double Share, string? Obstacle);

/// <summary>Another model that answers when one cannot.</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Model">The name or pattern of it in the configuration; absent: there is none.</param>
/// <param name="On">When it is asked.</param>
/// <param name="Obstacle">Why it is passed over; absent: it is not.</param>
public sealed record ExplainedFallback(string Name, string? Model, IReadOnlyList<FallbackReason> On, string? Obstacle);
