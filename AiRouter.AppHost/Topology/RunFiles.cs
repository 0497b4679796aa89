namespace AiRouter.AppHost.Topology;

/// <summary>What a run needs of the file system, found or made before anything starts.</summary>
/// <param name="ConfigFile">The configuration for the router.</param>
/// <param name="DataFolder">What the router and the embedded store write to.</param>
/// <param name="StorePassword">The embedded store's.</param>
/// <param name="AdminKey">The key of the first admin (R8).</param>
/// <param name="AdminKeyFile">Where that is kept; null: the environment has it.</param>
/// <param name="EncryptionKey">What credentials in a store of ours are encrypted with; null: the environment has it, or nobody.</param>
internal sealed record RunFiles(
    string ConfigFile,
    string DataFolder,
    string StorePassword,
    string AdminKey,
    string? AdminKeyFile,
    string? EncryptionKey = null)
{
    /// <summary>None, for a look at the ports alone.</summary>
    public static RunFiles None { get; } = new(string.Empty, string.Empty, string.Empty, string.Empty, null);
}
