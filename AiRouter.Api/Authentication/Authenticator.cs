using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Authentication;

/// <summary>Decides who asks, and whether they may use the operation (R1, R5).</summary>
internal sealed class Authenticator(IKeyHistory history, ListenerScope listener, TimeProvider timeProvider)
{
    /// <summary>Sets <see cref="Exchange.Client"/> and <see cref="Exchange.ForwardableCredential"/>, or says why not.</summary>
    public ApiError? Authenticate(Exchange exchange)
    {
        var mode = exchange.State.Server.Authentication;
        var keys = exchange.State.Model.Keys;
        var presented = default(string);
        foreach (var credential in ClientCredentials.Of(exchange.Http.Request))
        {
            presented ??= credential;
            if (!keys.IsOurs(credential))
            {
                exchange.ForwardableCredential ??= credential;
            }

            if (mode != AuthenticationMode.None && keys.Find(credential) is { } key)
            {
                exchange.Client ??= key;
            }
        }

        return Refuse(exchange, mode, presented) ?? RefuseOperation(exchange);
    }

    /// <summary>Whether a request outside the API carries a usable client key.</summary>
    public bool IsKeyHolder(HttpContext http, RouterState state) =>
        ClientCredentials.Of(http.Request).Any(c => state.Model.Keys.Find(c) is { } key && IsUsable(key));

    /// <summary>401 that says how to send a key.</summary>
    public static ApiError MissingKey() => new(
        ErrorCause.MissingKey,
        "You didn't provide an API key. Send it in the Authorization header: 'Authorization: Bearer YOUR_KEY'.");

    private ApiError? Refuse(Exchange exchange, AuthenticationMode mode, string? presented)
    {
        if (exchange.Client is { } client)
        {
            return IsUsable(client) ? null : WrongKey(presented!);
        }

        return mode switch
        {
            AuthenticationMode.None => null,
            AuthenticationMode.Optional => presented is null ? null : WrongKey(presented),
            AuthenticationMode.Auto when !history.AnyKeyHasExisted && listener.IsLoopbackOnly => null,
            _ => presented is null ? MissingKey() : WrongKey(presented),
        };
    }

    private bool IsUsable(ClientKey key) => !key.Disabled && (key.Expires is null || timeProvider.GetUtcNow() < key.Expires);

    private static ApiError? RefuseOperation(Exchange exchange)
    {
        var operation = exchange.Operation.Name;
        var allowed = exchange.Operation.IsOpen ||
            (exchange.Client?.MayUseOperation(operation) ?? Operations.WithModel.Contains(operation));
        return allowed
            ? null
            : new ApiError(ErrorCause.OperationNotAllowed, $"Your key may not use the operation '{operation}'.");
    }

    /// <summary>Unknown, expired and switched off look alike from outside; the log tells them apart.</summary>
    private static ApiError WrongKey(string presented) =>
        new(ErrorCause.InvalidKey, $"Incorrect API key provided: {ClientCredentials.Mask(presented)}.");
}
