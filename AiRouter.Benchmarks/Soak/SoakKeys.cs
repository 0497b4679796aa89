using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Benchmarks.Soak;

/// <summary>A client key of the run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Members">What its entry in the configuration has beside name, hash and budget.</param>
internal sealed record SoakKey(string Name, string Members)
{
    /// <summary>What clients send.</summary>
    public string Secret => $"sk-soak-{Name}-0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Whose standings are asked for in the ledger.</summary>
    public string Subject => "key:file:" + Name;

    /// <summary>Its entry: a budget that is never used up makes the store count what it spends.</summary>
    public string Yaml =>
        $"  - {{ name: {Name}, hash: \"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))}\", "
        + $"budget: {{ usd: 1000000, per: total }}{Members} }}";
}

/// <summary>The client keys of the run.</summary>
internal static class SoakKeys
{
    /// <summary>Unlimited and important: the one that requests of the calm end use.</summary>
    public static SoakKey Steady { get; } = new("steady", ", priority: 5");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SoakKey> All { get; } =
    [
        Steady,
        new("plain", ""),
        new("patient", ", priority: -5, limits: { concurrent: 500 }"),
        new("rationed", ", limits: { requestsPerMinute: 300 }"),
        new("thrifty", ", limits: { tokensPerMinute: 60000 }"),
        new("narrow", ", limits: { concurrent: 3 }, modelLimits: { \"chat-*\": { requestsPerMinute: 600 } }"),
    ];
}
