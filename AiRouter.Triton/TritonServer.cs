namespace AiRouter.Triton;

/// <summary>What a server says about itself.</summary>
/// <param name="Name">What it calls itself: <c>triton</c>.</param>
/// <param name="Version">Its version, such as <c>2.59.0</c>.</param>
/// <param name="Extensions">The parts of the protocol that it has, such as <c>model_repository</c>.</param>
public sealed record TritonServer(string Name, string Version, IReadOnlyList<string> Extensions);
