namespace AiRouter.EmbeddedRedis;

/// <summary>The folder of the store, claimed for this process: two that write to the same files would destroy them.</summary>
internal sealed class StoreFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _claim;

    private StoreFolder(FileStream claim) => _claim = claim;

    /// <summary>Makes the folder, for this user alone, and claims it; or says in one sentence why that cannot be.</summary>
    public static async Task<(StoreFolder? Folder, string? Problem)> ClaimAsync(string path, TimeProvider time)
    {
        try
        {
            Make(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return (null, $"the folder {path} cannot be made: {refused.Message}");
        }

        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                // The claim ends with the process, however that ends.
                return (new StoreFolder(File.Open(
                    Path.Combine(path, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)), null);
            }
            catch (UnauthorizedAccessException)
            {
                return (null, $"the folder {path} cannot be written to by this user");
            }
            catch (IOException) when (time.GetElapsedTime(started) < _patience)
            {
                // A process that was killed holds its files until it is gone altogether: longer the more memory it had.
                await Task.Delay(_pause, time);
            }
            catch (IOException refused)
            {
                return (null, $"the folder {path} cannot be used, another process may be using it ({refused.Message})");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _claim.Dispose();

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly);
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }
}
