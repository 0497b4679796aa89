using AiRouter.Api.Errors;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Keys;
using AiRouter.Core.Playground;

namespace AiRouter.Api.Authentication;

/// <summary>Why a request from the playground is refused (R7), in words for the admin who sits there.</summary>
internal static class PlaygroundErrors
{
    /// <summary>The token does not work.</summary>
    public static ApiError Refuse(PlaygroundStanding standing) => new(ErrorCause.InvalidKey, standing switch
    {
        PlaygroundStanding.Expired =>
            "This playground token has expired. If that happens at once, the clocks of Admin and of this router differ.",
        PlaygroundStanding.Early => "This playground token is from the future: the clocks of Admin and of this router differ.",
        PlaygroundStanding.Unreadable =>
            $"This playground token cannot be checked: {EncryptionKeys.Variable} of Admin and of this router differ.",
        PlaygroundStanding.Unavailable => "This playground token cannot be checked: the router does not reach its store.",
        _ => "This is no playground token of this installation. Admin and this router need the same store.",
    });

    /// <summary>The key that it names does not work.</summary>
    public static ApiError Refuse(KeyMatch match) => new(ErrorCause.InvalidKey, match.Standing switch
    {
        KeyStanding.Expired => "The key that the playground acts for has expired.",
        KeyStanding.Disabled => "The key that the playground acts for is switched off.",
        KeyStanding.Unverified =>
            "The key that the playground acts for cannot be verified: the router has not reached its key store for too long.",
        _ => "The key that the playground acts for was revoked, or this router does not know it.",
    });
}
