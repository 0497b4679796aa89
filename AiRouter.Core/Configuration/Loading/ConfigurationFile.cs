using System.Security.Cryptography;

namespace AiRouter.Core.Configuration.Loading;

/// <summary>Reads files that others replace while they are read.</summary>
internal static class ConfigurationFile
{
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The content; null when the file is not there, cannot be read now, or cannot exist (no path at all).</summary>
    public static byte[]? TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The hash of the content; null as <see cref="TryRead"/>. A tokenizer has many MiB and is looked at every second, so it
    /// is not taken into memory.
    /// </summary>
    public static byte[]? TryHash(string path)
    {
        try
        {
            using var file = Open(path);
            return SHA256.HashData(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The content.</summary>
    /// <exception cref="IOException">It is not there, too large, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path)
    {
        using var file = Open(path);
        using var content = new MemoryStream(file.CanSeek ? (int)file.Length : 0);
        file.CopyTo(content);
        return content.ToArray();
    }

    private static FileStream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!file.CanSeek || file.Length <= MaxBytes)
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"it is larger than {MaxBytes / 1024 / 1024} MiB");
    }
}
