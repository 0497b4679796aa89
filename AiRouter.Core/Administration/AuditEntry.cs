using AiRouter.Core.Stores;

namespace AiRouter.Core.Administration;

/// <summary>Something that an admin did.</summary>
/// <param name="At">When, by the clock of whoever did it.</param>
/// <param name="By">The name of the admin key.</param>
/// <param name="Action">What, such as <c>admin-key.create</c> or <c>bodies.read</c>.</param>
/// <param name="Subject">To what: an id or a version.</param>
/// <param name="Name">What the subject was called then; null: it has no name.</param>
/// <param name="Differences">What changed, secrets left out.</param>
public sealed record AuditEntry(
    DateTimeOffset At, string By, string Action, string Subject, string? Name, IReadOnlyList<ConfigurationDifference> Differences);
