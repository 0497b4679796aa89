namespace AiRouter.Tests.Repository;

/// <summary>The files of this checkout, without what Git ignores.</summary>
internal static class Checkout
{
    private static readonly HashSet<string> _ignored =
        [".git", ".airouter", ".venv", ".vs", ".vscode", ".idea", "artifacts", "bin", "node_modules", "obj", "TestResults"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to <see cref="Root"/>, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. FilesIn(new DirectoryInfo(Root)).Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/'))];

    /// <summary>All C# of ours.</summary>
    public static IEnumerable<string> Code => Files.Where(static file => file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>All C# but the tests.</summary>
    public static IEnumerable<string> ProductCode =>
        Code.Where(static file => !file.StartsWith("AiRouter.Tests/", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    // In a worktree .git is a file.
    private static IEnumerable<string> FilesIn(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(static file => !_ignored.Contains(file.Name))
        .Select(static file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(static sub => !_ignored.Contains(sub.Name)).SelectMany(FilesIn));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AiRouter.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run from a checkout.");
        }

        return folder.FullName;
    }
}
