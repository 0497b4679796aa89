using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Core.Stores;

/// <summary>A document and what is known of it.</summary>
/// <param name="Version">1 for the first, growing.</param>
/// <param name="Json">The document.</param>
/// <param name="At">When it was saved, by the store's clock.</param>
/// <param name="By">By whom.</param>
public sealed record StoredConfiguration(long Version, string Json, DateTimeOffset At, string By)
{
    /// <summary>Hash of the content: after a loss the same version can be something else.</summary>
    public string Hash => HashOf(Json);

    /// <summary>The hash of a document's text.</summary>
    internal static string HashOf(string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 16));
}

/// <summary>What the store knows of the configuration.</summary>
/// <param name="Document">The current one; null: none.</param>
/// <param name="HighestServed">The highest version that any router said it serves; 0: none ever did, or it was forgotten too.</param>
/// <param name="Ruler">The file that rules the document; null: whoever has the role may change it.</param>
public sealed record ConfigurationState(StoredConfiguration? Document, long HighestServed, ConfigurationRuler? Ruler)
{
    /// <summary>The hash of the document that a file seeded it with; null: it was not seeded.</summary>
    public string? SeedHash { get; init; }

    /// <summary>The current version; 0: there is no document.</summary>
    public long Version => Document?.Version ?? 0;

    /// <summary>
    /// Whether a document was there that is no longer, because the store was emptied or set back to an older one: routers go on serving
    /// what they have, and nobody puts another in its place but an operator (R36).
    /// </summary>
    public bool IsLost => HighestServed > Version;
}

/// <summary>A file that rules the document (<c>AIROUTER_CONFIG_MODE=gitops</c>, R35): changes are made there and nowhere else.</summary>
/// <param name="File">Its name.</param>
/// <param name="Host">The machine of the router that last said so.</param>
public sealed record ConfigurationRuler(string File, string Host)
{
    /// <summary>For people who wanted to change something.</summary>
    public override string ToString() =>
        $"the configuration is ruled by the file {File} of the routers (AIROUTER_CONFIG_MODE=gitops): change it there";
}
