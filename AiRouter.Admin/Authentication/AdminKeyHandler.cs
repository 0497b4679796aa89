using System.Globalization;
using System.Text.Encodings.Web;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiRouter.Admin.Authentication;

/// <summary>Authenticates requests by <c>Authorization: Bearer</c>, and answers those that it cannot with problem details.</summary>
internal sealed partial class AdminKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AdminKeyring keyring,
    FailureThrottle throttle)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "AdminKey";

    private const string Bearer = "Bearer ";

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var address = Context.Connection.RemoteIpAddress;
        if (throttle.WaitOf(address) > TimeSpan.Zero)
        {
            return AuthenticateResult.Fail("too many wrong keys");
        }

        if (await keyring.FindAsync(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } identity)
        {
            throttle.Failed(address);
            LogRefused(Logger, address?.ToString());
            return AuthenticateResult.Fail("unknown key");
        }

        // A key that may do less would let its holder guess at the others as often as he likes.
        if (identity.Role == AdminRole.Admin)
        {
            throttle.Succeeded(address);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(identity.ToPrincipal(Scheme.Name), Scheme.Name));
    }

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (await keyring.IsClosedAsync(Context.RequestAborted))
        {
            await FailureAnswers.WriteAsync(Context, new ManagementFailure(
                FailureKind.Closed,
                "The management API is closed, because there is no admin key. Start Admin with AIROUTER_ADMIN_KEY set to a long random " +
                "text (openssl rand -hex 32 makes one), and send it as Authorization: Bearer."));
            return;
        }

        var wait = throttle.WaitOf(Context.Connection.RemoteIpAddress);
        if (wait > TimeSpan.Zero)
        {
            Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await FailureAnswers.WriteAsync(Context, new ManagementFailure(
                FailureKind.TooManyAttempts, "Too many wrong admin keys came from this address: wait before the next try."));
            return;
        }

        Response.Headers.WWWAuthenticate = "Bearer realm=\"AiRouter management\"";
        await FailureAnswers.WriteAsync(Context, new ManagementFailure(
            FailureKind.Unauthorized,
            Request.Headers.Authorization.Count == 0
                ? "An admin key is needed: Authorization: Bearer with AIROUTER_ADMIN_KEY, or with a key of /api/v1/admin-keys."
                : "This is no admin key, or it has expired. Client keys are no admin keys."));
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var identity = AdminIdentity.Of(Context);
        return FailureAnswers.WriteAsync(Context, new ManagementFailure(
            FailureKind.Forbidden,
            $"The admin key \"{identity.Name}\" has the role {Text(identity)}, which may not do this."));
    }

    private static string Text(AdminIdentity identity) =>
        identity.Role.ToString().ToLowerInvariant() + (identity.ReadsBodies ? " with readBodies" : " without readBodies");

    [LoggerMessage(3101, LogLevel.Warning, "A wrong admin key came from {Address}")]
    private static partial void LogRefused(ILogger logger, string? address);
}
