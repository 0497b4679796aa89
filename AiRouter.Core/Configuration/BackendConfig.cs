using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiRouter.Core.Configuration;

/// <summary>The protocol that a backend speaks.</summary>
public enum BackendKind
{
    /// <summary>The OpenAI API over HTTP.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAi,

    /// <summary>NVIDIA Triton over gRPC, KServe v2.</summary>
    Triton,

    /// <summary>The Messages API of Anthropic over HTTP; chat is translated.</summary>
    Anthropic,
}

/// <summary>One server that answers requests.</summary>
public sealed record BackendConfig
{
    /// <summary>The protocol that the server speaks.</summary>
    public BackendKind Kind { get; init; }

    /// <summary>
    /// <c>openai</c> and <c>anthropic</c>: what stands for <c>/v1</c>, nothing is added to it but the rest of the path. <c>triton</c>: the
    /// gRPC address (port 8001). <c>http</c> or <c>https</c>; the host may be the name of a service.
    /// </summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// The credential sent to the backend: <c>env:AIROUTER_SECRET_NAME</c>, <c>file:PATH</c>, or <c>forward</c> for the
    /// client's own (R2, R6); the management API takes the credential itself too, and encrypts it. Absent: none is sent.
    /// </summary>
    public string? ApiKey { get; init; }

    /// <summary>Whole URLs for single paths (keys such as <c>/v1/audio/transcriptions</c>), instead of <see cref="Url"/>.</summary>
    public IReadOnlyDictionary<string, Uri> Paths { get; init; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    /// <summary>
    /// Extra request headers (<c>openai</c>, <c>anthropic</c>) or metadata (<c>triton</c>); values may be secret references.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What an <c>https</c> URL is checked against; absent: the system's authorities.</summary>
    public TlsConfig? Tls { get; init; }

    /// <summary>Deadlines of one attempt.</summary>
    public TimeoutsConfig Timeouts { get; init; } = new();

    /// <summary><c>openai</c>: false when it refuses <c>stream_options</c>; usage of streams is then estimated (R28).</summary>
    public bool StreamUsage { get; init; } = true;

    /// <summary><c>openai</c>: false when it has no Responses API; requests of that are then translated to chat for it.</summary>
    public bool Responses { get; init; } = true;

    /// <summary><c>openai</c>: true when it speaks Anthropic's Messages too; requests of that then pass as they are.</summary>
    public bool Messages { get; init; }

    /// <summary>
    /// Somebody else's service, to which a fallback leads only with <see cref="FallbackConfig.AllowExternal"/> (R23). Absent: an
    /// <c>openai</c> or <c>anthropic</c> backend whose host is a public name or address is.
    /// </summary>
    public bool? External { get; init; }

    /// <summary>Requests under way at the backend at a time, from each replica; more go to another target, or get 503. 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int MaxRequestsPerReplica { get; init; } = 4096;

    /// <summary><c>openai</c>, <c>anthropic</c>: connections at a time, from each replica, 1 to 65536.</summary>
    [Range(1, 65536)]
    public int MaxConnectionsPerReplica { get; init; } = 4096;

    /// <summary>When a target at the backend is left alone because its requests fail.</summary>
    public BreakerConfig Breaker { get; init; } = new();

    /// <summary>How the backend is asked whether it is well, beside the requests.</summary>
    public ProbeConfig Probe { get; init; } = new();

    /// <summary><c>triton</c>: where it tells its load; absent: the router knows its own requests only.</summary>
    public LoadSignalConfig? LoadSignal { get; init; }

    /// <summary><c>triton</c>: HTTP/2 connections, 1 to 32.</summary>
    [Range(1, 32)]
    public int Connections { get; init; } = 2;

    /// <summary><c>triton</c>: the largest message taken, in MiB, 1 to 2047.</summary>
    [Range(1, 2047)]
    public int MaxMessageMiB { get; init; } = 64;

    /// <summary>Never shows a credential.</summary>
    public override string ToString() => $"{Kind} backend";
}

/// <summary>How a TLS server is checked, and what is shown to it.</summary>
public sealed record TlsConfig
{
    /// <summary>PEM file with the authorities that may have signed the server's certificate.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with the client certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the client certificate's key.</summary>
    public string? KeyFile { get; init; }
}

/// <summary>Deadlines of one attempt at a backend, in seconds.</summary>
public sealed record TimeoutsConfig
{
    /// <summary>Until the connection stands, 0.1 to 600.</summary>
    [Range(0.1, 600.0)]
    public double Connect { get; init; } = 5;

    /// <summary>From the request to the first byte (non-streaming: to the response headers), 0.1 to 86400.</summary>
    [Range(0.1, 86400.0)]
    public double FirstByte { get; init; } = 300;

    /// <summary>Between two reads once the answer has begun, 0.1 to 86400.</summary>
    [Range(0.1, 86400.0)]
    public double Idle { get; init; } = 120;

    /// <summary>The whole attempt, 0.1 to 86400.</summary>
    [Range(0.1, 86400.0)]
    public double Total { get; init; } = 3600;
}
