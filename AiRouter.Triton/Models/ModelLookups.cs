namespace AiRouter.Triton.Models;

/// <summary>How a client has come by the configurations of models, since it was made.</summary>
/// <param name="Known">Models whose configuration is kept now.</param>
/// <param name="Hits">Times that it was kept already, or somebody was just reading it.</param>
/// <param name="Reads">Times that it was asked of the server.</param>
/// <param name="Failures">Those of the reads that gave none.</param>
public readonly record struct ModelLookups(int Known, long Hits, long Reads, long Failures);
