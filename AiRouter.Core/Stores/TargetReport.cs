using System.Text.Json.Serialization;

namespace AiRouter.Core.Stores;

/// <summary>What a router knows of one target of one model (R34).</summary>
public sealed record TargetReport
{
    /// <summary>The public model name or pattern.</summary>
    public required string Model { get; init; }

    /// <summary>The backend's name.</summary>
    public required string Backend { get; init; }

    /// <summary>The model's name at the backend; absent: what clients ask for.</summary>
    public string? BackendModel { get; init; }

    /// <summary>Whether requests are sent to it, and why not.</summary>
    public TargetReportState State { get; init; }

    /// <summary>After how many seconds it may be asked at the earliest; 0: at once, or nobody knows.</summary>
    public double UsableIn { get; init; }

    /// <summary>Requests of this router under way at it.</summary>
    public int InFlight { get; init; }

    /// <summary>What it has to do, in requests: those of this router, and those of others that its server told of.</summary>
    public double Load { get; init; }

    /// <summary>Seconds from a request to the first of its streamed answer, lately; absent: nothing was asked lately.</summary>
    public double? FirstTokenSeconds { get; init; }
}

/// <summary>Whether requests are sent to a target, and why not.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TargetReportState>))]
public enum TargetReportState
{
    /// <summary>They are.</summary>
    [JsonStringEnumMemberName("usable")]
    Usable,

    /// <summary>Its requests failed; the next one tries it.</summary>
    [JsonStringEnumMemberName("halfOpen")]
    HalfOpen,

    /// <summary>Its requests failed, and one is just trying it.</summary>
    [JsonStringEnumMemberName("trying")]
    Trying,

    /// <summary>Its requests failed, and it is left alone.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Its backend, or its model there, does not answer probes.</summary>
    [JsonStringEnumMemberName("probesFail")]
    ProbesFail,

    /// <summary>It answered 429 and asked to be left alone.</summary>
    [JsonStringEnumMemberName("coolingDown")]
    CoolingDown,

    /// <summary>It answered 429: others are asked first.</summary>
    [JsonStringEnumMemberName("busy")]
    Busy,

    /// <summary>Its backend has as many requests under way as it may have.</summary>
    [JsonStringEnumMemberName("full")]
    Full,
}
