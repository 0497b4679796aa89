using System.Collections.Concurrent;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Administration;
using AiRouter.Core.Playground;

namespace AiRouter.Admin.Management.Playground;

/// <summary>Lets an admin ask as a client key, for one request (R7). Callers have checked that he may change things.</summary>
internal sealed class PlaygroundPasses(
    AdminOptions options, KeyEditor keys, PlaygroundTokens tokens, AdminKeyStore audit, TimeProvider time)
{
    /// <summary>What the audit calls it.</summary>
    public const string Action = "playground.use";

    // A conversation is one entry of the audit, not one for each message: the audit keeps 1,000.
    private static readonly TimeSpan NotedFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Admin, string Key), DateTimeOffset> _noted = new();

    /// <summary>A pass for one request.</summary>
    /// <param name="keyId">The key that is acted for; null: none.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<PlaygroundPass>> IssueAsync(string? keyId, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (options.ApiUrl is not { } address)
        {
            return new ManagementFailure(FailureKind.Refused, NoAddress);
        }

        var name = default(string);
        if (keyId is not null)
        {
            var key = await keys.FindAsync(keyId, cancellationToken);
            if (key.Failure is { } failure)
            {
                return failure;
            }

            name = key.Value!.Name;
        }

        await NoteAsync(keyId, name, by, cancellationToken);
        return new PlaygroundPass(address, await tokens.IssueAsync(by.Name, keyId, cancellationToken));
    }

    /// <summary>What to do where Admin knows no router.</summary>
    public const string NoAddress =
        $"Admin does not know where a router is: start it with {AdminOptions.ApiUrlVariable} set to the router's address, such as http://api:3000.";

    private async ValueTask NoteAsync(string? keyId, string? name, AdminIdentity by, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var subject = keyId ?? "no key";
        if (_noted.TryGetValue((by.Name, subject), out var noted) && now - noted < NotedFor)
        {
            return;
        }

        foreach (var (old, at) in _noted)
        {
            if (now - at >= NotedFor)
            {
                _noted.TryRemove(old, out _);
            }
        }

        await audit.NoteAsync(new AuditEntry(now, by.Name, Action, subject, name, []), cancellationToken);
        _noted[(by.Name, subject)] = now;
    }
}

/// <summary>What one request needs. The token is nobody's to see.</summary>
/// <param name="Router">Where a router is.</param>
/// <param name="Token">What it is sent.</param>
internal sealed record PlaygroundPass(Uri Router, string Token)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"a pass for {Router}";
}
