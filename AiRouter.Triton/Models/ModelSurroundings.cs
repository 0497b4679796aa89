namespace AiRouter.Triton.Models;

/// <summary>
/// What decides how a model is called and is not in its own configuration: the server's version, and the models that it
/// works through. What could not be read is null.
/// </summary>
internal sealed record ModelSurroundings
{
    /// <summary>Nothing is known.</summary>
    public static ModelSurroundings Unknown { get; } = new();

    /// <summary>The server's version, such as 2.59.0.</summary>
    public Version? ServerVersion { get; init; }

    /// <summary>The model that makes tokens of the prompt.</summary>
    public TritonModel? Preprocessing { get; init; }

    /// <summary>The model that generates.</summary>
    public TritonModel? Engine { get; init; }

    /// <summary>False when something failed that may work the next time.</summary>
    public bool IsComplete { get; init; } = true;
}
