using AiRouter.Admin.Authentication.Sessions;
using AiRouter.Core.Administration;

namespace AiRouter.Admin.Authentication;

/// <summary>Signs people in by an admin key.</summary>
internal sealed partial class KeySignIn(AdminKeyring keyring, FailureThrottle throttle, SessionDesk sessions, ILogger<KeySignIn> logger)
{
    /// <summary>Signs in; the result is null, or why not.</summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">The store is away.</exception>
    public async Task<SignInReason?> TryAsync(HttpContext context, string? secret)
    {
        var address = context.Connection.RemoteIpAddress;
        if (throttle.WaitOf(address) > TimeSpan.Zero)
        {
            return SignInReason.TooManyAttempts;
        }

        if (await keyring.FindHolderAsync(secret?.Trim() ?? "", context.RequestAborted) is { } holder)
        {
            // A key that may do less would let its holder guess at the others as often as he likes.
            if (holder.Identity.Role == AdminRole.Admin)
            {
                throttle.Succeeded(address);
            }

            await sessions.BeginAsync(context, holder.Identity, holder.Source);
            return null;
        }

        if (await keyring.IsClosedAsync(context.RequestAborted))
        {
            return SignInReason.NoKeyYet;
        }

        throttle.Failed(address);
        LogRefused(address?.ToString());
        return throttle.WaitOf(address) > TimeSpan.Zero ? SignInReason.TooManyAttempts : SignInReason.WrongKey;
    }

    [LoggerMessage(3209, LogLevel.Warning, "A wrong admin key came from {Address} on the page to sign in")]
    private partial void LogRefused(string? address);
}
