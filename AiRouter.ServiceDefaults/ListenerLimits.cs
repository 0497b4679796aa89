using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// What one client may take of a listener, whoever it is: nothing here needs a key. The numbers stand in docs/security.md. Those that
/// are the web server's own today are set all the same, so that a new version of it does not move them unnoticed.
/// </summary>
public static class ListenerLimits
{
    /// <summary>The setting (<c>Kestrel__Limits__MaxConcurrentConnections</c> in the environment) that replaces a process's own
    /// number of connections.</summary>
    public const string ConnectionsKey = "Kestrel:Limits:MaxConcurrentConnections";

    /// <summary>The request line, in bytes: the longest path and query that any client has, several times over.</summary>
    public const int RequestLineBytes = 8 * 1024;

    /// <summary>All headers of a request together, in bytes, whatever version of HTTP they came with.</summary>
    public const int HeaderBytes = 32 * 1024;

    /// <summary>Headers of one request. OpenAI's clients send about 20, a chain of proxies adds about as many.</summary>
    public const int Headers = 100;

    /// <summary>How long the headers may take. They fit into one packet: who needs longer holds the connection on purpose.</summary>
    public static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection without a request is kept: longer than proxies keep theirs (60 s), or a request that they send
    /// would meet a connection that is just being closed.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(130);

    /// <summary>The slowest body, in bytes per second after <see cref="BodyGrace"/>; slower ones are answered with 408. A body is kept
    /// in memory while it comes in.</summary>
    public const double BodyBytesPerSecond = 240;

    /// <summary>How long a body may be slower than that.</summary>
    public static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Requests at the same time on one HTTP/2 connection.</summary>
    public const int StreamsPerConnection = 100;

    /// <summary>A ping on a silent HTTP/2 connection, whose client may be gone without a word.</summary>
    public static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long its answer may take.</summary>
    public static readonly TimeSpan PingTime = TimeSpan.FromSeconds(20);

    private const string LineFeedSwitch = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Sets them all for a process.</summary>
    /// <param name="builder">The process; its configuration may have another number of connections (<see cref="ConnectionsKey"/>).</param>
    /// <param name="connections">Connections at the same time; further ones are closed at once. An idle one costs few KiB, but how
    /// many there are would be the clients' to choose.</param>
    /// <exception cref="InvalidOperationException">The configured number of connections is none.</exception>
    public static void AddListenerLimits(this WebApplicationBuilder builder, int connections)
    {
        var most = Connections(builder.Configuration) ?? connections;
        builder.WebHost.ConfigureKestrel(kestrel => Set(kestrel, most));
    }

    /// <summary>Sets them all.</summary>
    public static void Set(KestrelServerOptions kestrel, int connections)
    {
        // The name of the server helps only those who look for its mistakes.
        kestrel.AddServerHeader = false;

        // A line feed alone ends no line: a proxy in front may take it for a part of one. Kestrel has only this switch for it.
        AppContext.SetSwitch(LineFeedSwitch, true);

        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = connections;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = Headers;
        limits.RequestHeadersTimeout = HeaderTime;
        limits.KeepAliveTimeout = IdleTime;
        limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecond, BodyGrace);

        // The total holds too, also for headers in CONTINUATION frames that never end. Streams that are begun and reset faster than
        // they end make Kestrel close the connection (ENHANCE_YOUR_CALM).
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderBytes;
        limits.Http2.KeepAlivePingDelay = PingAfter;
        limits.Http2.KeepAlivePingTimeout = PingTime;
    }

    private static int? Connections(ConfigurationManager configuration)
    {
        if (configuration[ConnectionsKey] is not { Length: > 0 } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new InvalidOperationException($"{ConnectionsKey}: '{text}' is not a number of connections (1 or more).");
    }
}
