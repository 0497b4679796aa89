using AiRouter.Core.Keys;

namespace AiRouter.Api.Authentication;

/// <summary>The key history that <see cref="AuthenticationLatch"/> keeps for the process and on disk.</summary>
internal sealed class LatchedKeyHistory(AuthenticationLatch latch) : IKeyHistory
{
    /// <inheritdoc/>
    public bool AnyKeyHasExisted => latch.AnyKeyHasExisted;
}
