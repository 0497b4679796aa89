namespace AiRouter.Tests.Faults;

/// <summary>A part of the fault table.</summary>
/// <param name="Title">Its heading in <c>docs/faults.md</c>.</param>
/// <param name="Text">What a reader has to know first.</param>
/// <param name="Rows">Its rows, in the order of the document.</param>
internal sealed record FaultSection(string Title, string Text, IReadOnlyList<FaultCase> Rows);
