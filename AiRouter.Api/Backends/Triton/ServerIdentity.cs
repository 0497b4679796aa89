using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton;

/// <summary>
/// What a Triton calls itself (a simulator says that it is one). Asked in the background when it is looked at, so that whoever
/// looks never waits; kept for a minute, since another server may stand at the address by then.
/// </summary>
internal sealed class ServerIdentity(TritonClient client, TimeProvider timeProvider)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile string? _name;
    private DateTimeOffset _askAfter = DateTimeOffset.MinValue;

    /// <summary>The last answer; null before the first.</summary>
    public string? Name
    {
        get
        {
            if (IsDue())
            {
                _ = AskAsync();
            }

            return _name;
        }
    }

    private bool IsDue()
    {
        var now = timeProvider.GetUtcNow();
        lock (_gate)
        {
            if (now < _askAfter)
            {
                return false;
            }

            _askAfter = now + AskedAgainAfter;
            return true;
        }
    }

    private async Task AskAsync()
    {
        // The client's own deadline for metadata bounds the call.
        if (await client.FindServerNameAsync(CancellationToken.None) is { } name)
        {
            _name = name;
            lock (_gate)
            {
                _askAfter = timeProvider.GetUtcNow() + KeptFor;
            }
        }
    }
}
