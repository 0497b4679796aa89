using System.Text;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Configuration.Loading;

/// <summary>A document as it was found, not yet read.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Content">Its bytes; null: there are none, and only the environment may say something.</param>
/// <param name="IsJson">JSON, else YAML.</param>
internal sealed record ConfigurationDocument(string Name, byte[]? Content, bool IsJson)
{
    /// <summary>Why it cannot be had; null: it can, or need not be there.</summary>
    public string? Problem { get; init; }

    /// <summary>What it is in the store; null: it is not from there.</summary>
    public StoredConfiguration? Stored { get; init; }

    /// <summary>A document of the store.</summary>
    public static ConfigurationDocument Of(StoredConfiguration stored) =>
        new($"the store's configuration (version {stored.Version})", Encoding.UTF8.GetBytes(stored.Json), IsJson: true) { Stored = stored };
}
