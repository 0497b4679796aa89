namespace AiRouter.Core.Playground;

/// <summary>What a playground token says: an admin asks as a client key would (R7).</summary>
/// <param name="Admin">The admin's name, as history and audit call him.</param>
/// <param name="KeyId">The key that is acted for (<see cref="Keys.ClientKey.Id"/>); null: none, which no limits of a key hold for.</param>
/// <param name="Issued">When it was made, by the clock of whoever made it.</param>
/// <param name="Expires">From when on it does not work.</param>
public sealed record PlaygroundGrant(string Admin, string? KeyId, DateTimeOffset Issued, DateTimeOffset Expires);
