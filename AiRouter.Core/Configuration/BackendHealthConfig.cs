using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>
/// When a target is left alone because its requests fail: connect errors, 5xx, timeouts and answers that break off count, never 4xx.
/// </summary>
public sealed record BreakerConfig
{
    /// <summary>False: a target is always asked, however often it fails.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Failures in a row that open the breaker, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int Failures { get; init; } = 5;

    /// <summary>Share of failed requests within <see cref="Window"/> that opens it too, from 20 requests on; 0.01 to 1.</summary>
    [Range(0.01, 1.0)]
    public double Ratio { get; init; } = 0.5;

    /// <summary>Seconds over which the share is taken, 1 to 3600.</summary>
    [Range(1.0, 3600.0)]
    public double Window { get; init; } = 30;

    /// <summary>Seconds until one request may try again, 0.1 to 3600; doubled with each try that fails.</summary>
    [Range(0.1, 3600.0)]
    public double Open { get; init; } = 5;

    /// <summary>The most seconds between two tries, 0.1 to 3600.</summary>
    [Range(0.1, 3600.0)]
    public double MaxOpen { get; init; } = 60;
}

/// <summary>How a backend is asked whether it is well: a Triton by its health calls, others by a GET.</summary>
public sealed record ProbeConfig
{
    /// <summary>False: only requests tell how the backend is.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Seconds between two probes, give or take a fifth, 0.5 to 3600.</summary>
    [Range(0.5, 3600.0)]
    public double Interval { get; init; } = 10;

    /// <summary>Seconds that an answer may take, 0.1 to 600; a Triton has 10 at most.</summary>
    [Range(0.1, 600.0)]
    public double Timeout { get; init; } = 5;

    /// <summary>
    /// <c>openai</c>, <c>anthropic</c>: what is asked for, behind <see cref="BackendConfig.Url"/>; absent: <c>/models</c>.
    /// </summary>
    [RegularExpression("/[^?#\\s]*", ErrorMessage = "must be a path that begins with /, such as /health")]
    public string? Path { get; init; }

    /// <summary>Failed probes in a row after which the backend is out, 1 to 100.</summary>
    [Range(1, 100)]
    public int Failures { get; init; } = 2;
}

/// <summary>Where a Triton server tells its load: its metrics as Prometheus text.</summary>
public sealed record LoadSignalConfig
{
    /// <summary>Triton's metrics, usually <c>http://HOST:8002/metrics</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Seconds between two reads, 0.2 to 300.</summary>
    [Range(0.2, 300.0)]
    public double Interval { get; init; } = 1;
}
