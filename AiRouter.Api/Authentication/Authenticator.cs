using System.Globalization;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Playground;

namespace AiRouter.Api.Authentication;

/// <summary>Decides who asks, and whether they may use the operation (R1, R5).</summary>
internal sealed partial class Authenticator(
    KeyDirectory directory,
    IKeyHistory history,
    ListenerScope listener,
    TimeProvider timeProvider,
    ILogger<Authenticator> logger,
    PlaygroundTokens? playground = null)
{
    /// <summary>
    /// Sets <see cref="Exchange.Keys"/>, <see cref="Exchange.Client"/>, <see cref="Exchange.Admin"/> and <see
    /// cref="Exchange.ForwardableCredential"/>, or says why there is no client.
    /// </summary>
    public ValueTask<ApiError?> AuthenticateAsync(Exchange exchange)
    {
        var mode = exchange.State.Server.Authentication;
        var keys = exchange.Keys = directory.Current;
        var now = timeProvider.GetUtcNow();
        var presented = default(string);
        var token = default(string);
        var best = default(KeyMatch);
        foreach (var credential in ClientCredentials.Of(exchange.Http.Request))
        {
            presented ??= credential;
            if (!keys.IsOurs(credential))
            {
                exchange.ForwardableCredential ??= credential;
            }

            if (PlaygroundToken.IsOne(credential))
            {
                token ??= credential;
            }

            // Of two keys the first that works; of none the first that is known, for the reason.
            if (mode != AuthenticationMode.None && best.Good is null && keys.Match(credential, now) is { Key: not null } match &&
                (best.Key is null || match.Good is not null))
            {
                best = match;
            }
        }

        // A token says whom it is for; nothing beside it counts. (A key's secret could begin as one does.)
        if (token is not null && best.Key is null)
        {
            return AuthenticateAsync(exchange, token, now);
        }

        exchange.Client = best.Good;
        NoteRefused(exchange, best);
        return new ValueTask<ApiError?>(Refuse(mode, presented, best) ?? RefuseOperation(exchange));
    }

    /// <summary>Whether a request outside the API carries a usable client key.</summary>
    public bool IsKeyHolder(HttpContext http)
    {
        var keys = directory.Current;
        var now = timeProvider.GetUtcNow();
        return ClientCredentials.Of(http.Request).Any(c => keys.Match(c, now).Good is not null);
    }

    /// <summary>401 that says how to send a key.</summary>
    public static ApiError MissingKey() => new(
        ErrorCause.MissingKey,
        "You didn't provide an API key. Send it in the Authorization header: 'Authorization: Bearer YOUR_KEY'.");

    /// <summary>An admin asks from the playground, as a key would or as himself (R7): whatever the mode, the key's rules hold.</summary>
    private async ValueTask<ApiError?> AuthenticateAsync(Exchange exchange, string token, DateTimeOffset now)
    {
        exchange.ForwardableCredential = null;
        var check = playground is null ? default : await playground.CheckAsync(token, exchange.Aborted);
        if (check.Grant is not { } grant)
        {
            LogTokenRefused(exchange.RequestId, check.Standing);
            return PlaygroundErrors.Refuse(check.Standing);
        }

        exchange.Admin = grant.Admin;
        if (grant.KeyId is { } id)
        {
            var match = exchange.Keys.MatchId(id, now);
            exchange.Client = match.Good;
            NoteRefused(exchange, match);
            if (match.Good is null)
            {
                return PlaygroundErrors.Refuse(match);
            }
        }

        return RefuseOperation(exchange);
    }

    private void NoteRefused(Exchange exchange, KeyMatch match)
    {
        if (match is { Key: { } key, Good: null })
        {
            LogRefused(exchange.RequestId, key.Name, match.Standing);
        }
    }

    private ApiError? Refuse(AuthenticationMode mode, string? presented, KeyMatch match)
    {
        if (match.Good is not null)
        {
            return null;
        }

        // A key that is known and does not work is refused even where the router is open.
        if (match.Key is not null)
        {
            return WrongKey(presented!, match);
        }

        return mode switch
        {
            AuthenticationMode.None => null,
            AuthenticationMode.Optional => presented is null ? null : WrongKey(presented, match),
            AuthenticationMode.Auto when !history.AnyKeyHasExisted && listener.IsLoopbackOnly => null,
            _ => presented is null ? MissingKey() : WrongKey(presented, match),
        };
    }

    private static ApiError? RefuseOperation(Exchange exchange) =>
        exchange.Operation.IsOpen ? null : RefuseOperation(exchange.Client, exchange.Operation.Name);

    /// <summary>Refuses an operation that a client may not use.</summary>
    internal static ApiError? RefuseOperation(ClientKey? client, string operation)
    {
        return client?.MayUseOperation(operation) ?? Operations.WithModel.Contains(operation)
            ? null
            : new ApiError(ErrorCause.OperationNotAllowed, $"Your key may not use the operation '{operation}'.");
    }

    /// <summary>
    /// Whoever has the right secret is the key's holder and is told why it does not work. A revoked key looks like one that never
    /// was: nobody else learns which keys exist.
    /// </summary>
    private static ApiError WrongKey(string presented, KeyMatch match) => new(ErrorCause.InvalidKey, match.Standing switch
    {
        KeyStanding.Expired => string.Create(
            CultureInfo.InvariantCulture, $"This API key expired at {match.Key!.Expires!.Value.UtcDateTime:u}. Ask whoever gave it to you."),
        KeyStanding.Disabled => "This API key is switched off. Ask whoever gave it to you.",
        KeyStanding.Replaced => "This API key was replaced by a new one. Ask whoever gave it to you.",
        KeyStanding.Unverified =>
            "This API key cannot be verified: the router has not reached its key store for too long. Ask whoever runs it.",
        _ => $"Incorrect API key provided: {ClientCredentials.Mask(presented)}.",
    });

    [LoggerMessage(2111, LogLevel.Information, "Request {RequestId} came with the key \"{Key}\", which does not work: {Standing}")]
    private partial void LogRefused(string requestId, string key, KeyStanding standing);

    [LoggerMessage(2112, LogLevel.Warning, "Request {RequestId} came with a playground token that does not work: {Standing}")]
    private partial void LogTokenRefused(string requestId, PlaygroundStanding standing);
}
