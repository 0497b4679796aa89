using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>The listener, its limits and who may use it.</summary>
public sealed record ServerConfig
{
    /// <summary>Who needs a client key (R1).</summary>
    public AuthenticationMode Authentication { get; init; } = AuthenticationMode.Auto;

    /// <summary>The path that clients' base URLs end with; every path is served without it too; <c>/</c> is none.</summary>
    [RegularExpression(
        "/|(/[A-Za-z0-9._~-]+)+",
        ErrorMessage = "must begin with / and not end with it, such as /v1 (/ is none)")]
    public string BasePath { get; init; } = "/v1";

    /// <summary>The largest request body, in MiB, uploads excepted, 1 to 1024.</summary>
    [Range(1, 1024)]
    public int MaxBodyMiB { get; init; } = 64;

    /// <summary>The largest upload (multipart), in MiB, 1 to 16384; spooled to disk above 1 MiB.</summary>
    [Range(1, 16384)]
    public int MaxUploadMiB { get; init; } = 512;

    /// <summary>All buffered request bodies together, in MiB, 1 to 1048576, more than <see cref="MaxBodyMiB"/>; above it, 503 (R31).</summary>
    [Range(1, 1_048_576)]
    public int MaxBufferedMiB { get; init; } = 1024;

    /// <summary>On Triton, the token limit where neither request nor model names one, 1 to 10000000 (R9).</summary>
    [Range(1, 10_000_000)]
    public int DefaultMaxTokens { get; init; } = 1024;

    /// <summary>Seconds without data after which a stream gets a comment line, 1 to 3600 (R27).</summary>
    [Range(1.0, 3600.0)]
    public double KeepAlive { get; init; } = 15;

    /// <summary>Seconds after which a stream without data is answered with 200 and a first comment, 0.1 to 3600 (R27).</summary>
    [Range(0.1, 3600.0)]
    public double CommitAfter { get; init; } = 10;

    /// <summary>Proxies (addresses or networks, such as <c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c> is believed (R4).</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Origins that browsers may call from; <c>*</c> is any.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = ["*"];

    /// <summary>Seconds that requests under way may take to end when the process is asked to stop, 0 to 3600.</summary>
    [Range(0.0, 3600.0)]
    public double DrainSeconds { get; init; } = 30;

    /// <summary>The Responses API where a backend does not have it.</summary>
    public ResponsesConfig Responses { get; init; } = new();

    /// <summary>The most that a realtime session may come to.</summary>
    public RealtimeConfig Realtime { get; init; } = new();

    /// <summary>Sound files that ffmpeg decodes for transcriptions on Triton.</summary>
    public TranscriptionsConfig Transcriptions { get; init; } = new();

    /// <summary>Whether answers tell who gave them: <c>x-airouter-backend</c> and <c>x-airouter-attempts</c>.</summary>
    public bool ExposeBackend { get; init; }

    /// <summary>Whether answers tell where their time went: <c>Server-Timing</c> (queue, upstream, total).</summary>
    public bool ServerTiming { get; init; } = true;

    /// <summary>Whether <c>/health/*</c> and <c>/metrics</c> need a client key (R4).</summary>
    public bool ProtectTelemetry { get; init; }
}

/// <summary>Who needs a client key (R1).</summary>
public enum AuthenticationMode
{
    /// <summary>Open only while no key has ever existed and the listener is loopback.</summary>
    Auto,

    /// <summary>Everybody.</summary>
    Required,

    /// <summary>No key is anonymous, a wrong one is refused.</summary>
    Optional,

    /// <summary>Nobody; a key is not looked at.</summary>
    None,
}
