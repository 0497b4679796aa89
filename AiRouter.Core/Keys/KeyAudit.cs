using AiRouter.Core.Stores;

namespace AiRouter.Core.Keys;

/// <summary>Who did what to which key. It holds neither secrets nor hashes.</summary>
/// <param name="Change">When, and by whom.</param>
/// <param name="Action"><c>create</c>, <c>update</c>, <c>rotate</c>, <c>revoke</c> or <c>revoke-hashes</c>.</param>
/// <param name="Id">The key's; empty for hashes that were revoked without a record.</param>
/// <param name="Name">The key's name then.</param>
/// <param name="Differences">What an update changed.</param>
public sealed record KeyAudit(
    Change Change, string Action, string Id, string Name, IReadOnlyList<ConfigurationDifference> Differences);
