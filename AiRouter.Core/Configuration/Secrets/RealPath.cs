namespace AiRouter.Core.Configuration.Secrets;

/// <summary>
/// Follows symbolic links in every part of a path. .NET's own <see cref="FileSystemInfo.ResolveLinkTarget"/> follows only
/// the last part, but a Kubernetes volume links a folder (<c>..data</c>) too.
/// </summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The path without links.</summary>
    /// <exception cref="IOException">There are more links than any sane path has.</exception>
    public static string Of(string path)
    {
        var pending = new Stack<string>();
        Push(pending, Path.GetFullPath(path), out var real);
        for (var links = 0; pending.Count > 0;)
        {
            var next = Path.GetFullPath(Path.Combine(real, pending.Pop()));
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException("too many symbolic links");
            }

            Push(pending, Path.GetFullPath(Path.Combine(real, target)), out real);
        }

        return real;
    }

    // The last part goes in first: the stack then gives them from the root on.
    private static void Push(Stack<string> pending, string fullPath, out string root)
    {
        root = Path.GetPathRoot(fullPath)!;
        var parts = fullPath[root.Length..].Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts.Reverse())
        {
            pending.Push(part);
        }
    }
}
