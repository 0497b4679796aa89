using AiRouter.Core.Keys;

namespace AiRouter.Api.Authentication;

/// <summary>
/// The key history that <see cref="AuthenticationLatch"/> keeps for the process and on disk, and <see cref="KeyDirectory"/> learns
/// from the store.
/// </summary>
internal sealed class LatchedKeyHistory(AuthenticationLatch latch, KeyDirectory keys) : IKeyHistory
{
    /// <inheritdoc/>
    public bool AnyKeyHasExisted => latch.AnyKeyHasExisted || keys.MayHaveExisted;
}
