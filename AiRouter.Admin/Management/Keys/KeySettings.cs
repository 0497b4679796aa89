using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Keys;

/// <summary>What an admin says about a client key: everything but its secret.</summary>
public sealed record KeySettings : KeyTerms
{
    /// <summary>Those with the defaults.</summary>
    public KeySettings()
    {
    }

    /// <summary>Those with these terms.</summary>
    public KeySettings(KeyTerms terms)
        : base(terms)
    {
    }

    /// <summary>Shown in logs and metrics; unique.</summary>
    public required string Name { get; init; }
}

/// <summary>How a key gets another secret.</summary>
internal sealed record RotateRequest
{
    /// <summary>How long the secret of before works too, in hours, 0 to 8760.</summary>
    [System.ComponentModel.DataAnnotations.Range(0.0, 8760.0)]
    public double OverlapHours { get; init; } = 24;
}
