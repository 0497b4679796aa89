namespace AiRouter.Benchmarks.Soak;

/// <summary>One thing that must hold at the end.</summary>
/// <param name="Name">What.</param>
/// <param name="Holds">Whether; null: the run was too short to tell.</param>
/// <param name="Found">What was found.</param>
internal sealed record SoakCheck(string Name, bool? Holds, string Found);
