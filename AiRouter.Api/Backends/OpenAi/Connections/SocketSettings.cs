using System.Net;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>How plain connections to a backend are made and kept.</summary>
/// <param name="Backend">Its deadline for connecting, and how many connections there may be.</param>
/// <param name="TimeProvider">The clock.</param>
internal sealed record SocketSettings(BackendConfig Backend, TimeProvider TimeProvider)
{
    /// <summary>A backend's name may move to other addresses: connections are renewed so that it is looked up again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection waits for its next request.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(50);

    /// <summary>What an answer's head may take, interim answers included.</summary>
    public const int MaxHead = 64 * 1024;

    /// <summary>What stands behind <c>[DONE]</c> is a few bytes; an answer that nobody waits for any more is not worth reading.</summary>
    public const int MaxDrain = 16 * 1024;

    /// <summary>How long that may take.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(200);

    /// <summary>Finds where a host is; null: it is looked up in the DNS.</summary>
    public Func<DnsEndPoint, CancellationToken, ValueTask<EndPoint>>? Resolve { get; init; }
}
