using System.Net;

namespace AiRouter.Triton;

/// <summary>How one Triton server is reached.</summary>
public sealed record TritonClientOptions
{
    /// <summary>The gRPC address: <c>http://host:8001</c> (plain HTTP/2) or <c>https://…</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>HTTP/2 connections; a request takes the one with the fewest requests in flight.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>The largest message, either way.</summary>
    public int MaxMessageBytes { get; init; } = 64 << 20;

    /// <summary>Until a connection stands, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request to the first response.</summary>
    public TimeSpan FirstResponseTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Between two responses, while the caller waits for the next.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The whole call.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Calls that read what the server is and has: readiness, model configuration, index.</summary>
    public TimeSpan MetadataTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Counting a prompt's tokens, and reading what is around a model. An answer does not wait long for either: without
    /// them it is only less exact.
    /// </summary>
    public TimeSpan CountTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>gRPC metadata sent with every call.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// PEM file with the authorities that may have signed the server's certificate; null: the system's.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with the client certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the client certificate's key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where the seeds of requests without one come from (R12); must be safe for many threads.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// Opens the socket to the server, for service discovery; null: DNS and TCP. TLS comes on top, <see
    /// cref="ConnectTimeout"/> holds for both.
    /// </summary>
    public Func<DnsEndPoint, CancellationToken, ValueTask<Stream>>? Connect { get; init; }
}
