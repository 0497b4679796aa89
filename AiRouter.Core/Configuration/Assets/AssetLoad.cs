using System.Security.Cryptography;
using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Core.Configuration.Assets;

/// <summary>
/// Reads the files of one configuration's assets, from the configured folders only (R6), and remembers which: they are
/// looked at for changes as long as the configuration is served.
/// </summary>
/// <param name="folders">Where files may lie, full paths; relative names are looked for in each, in order.</param>
public sealed class AssetLoad(IReadOnlyList<string> folders)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    private readonly Dictionary<string, (AssetFile? File, byte[]? Hash)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<(Type, string), object?> _made = [];

    /// <summary>Where files may lie.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>Every file that was asked for, missing ones too, by full path.</summary>
    public IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>What is wrong with the asset that is loaded now; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>The key of <see cref="PromptConfig"/> that is to blame, as in the document; null: what names the asset.</summary>
    public string? ProblemKey { get; private set; }

    /// <summary>Says what is wrong; the first problem of an asset counts.</summary>
    /// <param name="problem">What, and what to do; of a file with its path.</param>
    /// <param name="promptKey">The key of <see cref="PromptConfig"/> that is to blame, if one is.</param>
    public void Fail(string problem, string? promptKey = null)
    {
        if (Problem is null)
        {
            (Problem, ProblemKey) = (problem, promptKey);
        }
    }

    /// <summary>Says that there is nothing of a name, and what was probably meant.</summary>
    /// <param name="kind">What was looked for, such as <c>prompt format</c>.</param>
    /// <param name="name">As written.</param>
    /// <param name="names">What there is.</param>
    public void FailName(string kind, string name, IEnumerable<string> names) =>
        Fail($"there is no {kind} \"{name}\"{NearMiss.Hint(name, names)}");

    /// <summary>Begins the next asset.</summary>
    public void Reset() => (Problem, ProblemKey) = (null, null);

    /// <summary>Reads a file that must be there.</summary>
    /// <param name="name">A full path, or a path inside one of the folders.</param>
    /// <returns>The file, or null and what is wrong in <see cref="Problem"/>.</returns>
    public AssetFile? Read(string name)
    {
        var file = TryRead(name);
        if (file is null)
        {
            Fail($"there is no file {name}" + (Path.IsPathRooted(name) ? "" : $" in {FolderList}"));
        }

        return file;
    }

    /// <summary>Reads a file that may be missing, which is no problem; that it cannot be read is one.</summary>
    /// <param name="name">A full path, or a path inside one of the folders: the first that has it counts.</param>
    public AssetFile? TryRead(string name)
    {
        if (name.Length == 0 || name.Contains('\0'))
        {
            Fail("a file has a path");
            return null;
        }

        // A full path stays itself when it is put behind a folder.
        return folders.Select(folder => Path.GetFullPath(Path.Combine(folder, name))).Distinct(StringComparer.Ordinal)
            .Select(ReadOnce).FirstOrDefault(file => file is not null);
    }

    /// <summary>
    /// The files of the folders whose names end so, full paths, sorted: the names that there are. Nothing is remembered.
    /// </summary>
    public IReadOnlyList<string> List(string extension) =>
    [
        .. folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*" + extension)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What models have in common is made once for a configuration; a failure is told again each time.</summary>
    /// <param name="key">What it is made of: a path.</param>
    /// <param name="make">Makes it, or fails and gives null.</param>
    public T? Once<T>(string key, Func<T?> make)
        where T : class
    {
        if (_made.GetValueOrDefault((typeof(T), key)) is T made)
        {
            return made;
        }

        made = make()!;
        _made[(typeof(T), key)] = made;
        return made;
    }

    /// <summary>The hash of a file as it was read, to tell whether it changed since; null: it was not there.</summary>
    internal byte[]? HashOf(string path) => _files.GetValueOrDefault(path).Hash;

    /// <summary>Where a file lies, the same on every machine: which folder, and where in it.</summary>
    internal string PlaceOf(string path)
    {
        for (var i = 0; i < folders.Count; i++)
        {
            var beginning = Path.TrimEndingDirectorySeparator(folders[i]) + Path.DirectorySeparatorChar;
            if (path.StartsWith(beginning, StringComparison.Ordinal))
            {
                return $"{i}:{Path.GetRelativePath(folders[i], path)}";
            }
        }

        return path;
    }

    internal bool WasAsked(string path) => _files.ContainsKey(path);

    private string FolderList => folders.Count == 0 ? "any folder (AIROUTER_PROMPT_FORMATS)" : string.Join(" or ", folders);

    private AssetFile? ReadOnce(string path)
    {
        if (_files.GetValueOrDefault(path).File is { } known)
        {
            return known;
        }

        var file = ReadNow(path, out var isMissing);
        // Of a file that is refused it must be seen, too, when it changes.
        var hash = file is not null ? SHA256.HashData(file.Content) : isMissing ? null : ConfigurationFile.TryHash(path);
        _files[path] = (file, hash);
        return file;
    }

    private AssetFile? ReadNow(string path, out bool isMissing)
    {
        isMissing = false;
        try
        {
            if (IsInside(path))
            {
                return new AssetFile(path, ConfigurationFile.Read(path));
            }

            Fail($"the file {path} is not inside {FolderList}: prompt formats and tokenizers are read from there only");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            isMissing = true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Fail($"the file {path} cannot be read: {unreadable.Message}");
        }

        return null;
    }

    // By where links lead: a link out of the folder is outside (R6), a link inside it, as Kubernetes makes them, is not.
    private bool IsInside(string path)
    {
        var real = RealPath.Of(path);
        return folders.Any(folder =>
        {
            var inside = Path.GetRelativePath(RealPath.Of(folder), real);
            return !Path.IsPathRooted(inside) && inside is not ("." or "..") &&
                !inside.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        });
    }
}
