namespace AiRouter.Core.Configuration.Assets;

/// <summary>
/// Reads the files of one configuration's assets, from the configured folders only (R6), and remembers which: they are
/// looked at for changes as long as the configuration is served.
/// </summary>
/// <param name="folders">Where files may lie, full paths; relative names are looked for in each, in order.</param>
public sealed class AssetLoad(IReadOnlyList<string> folders)
{
    private readonly Dictionary<string, byte[]?> _files = new(StringComparer.Ordinal);

    /// <summary>Where files may lie.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>Every file that was asked for, missing ones too, by full path.</summary>
    public IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>What is wrong with the asset that is loaded now; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Says what is wrong; the first problem of an asset counts.</summary>
    public void Fail(string problem) => Problem ??= problem;

    /// <summary>Begins the next asset.</summary>
    public void Reset() => Problem = null;
}
