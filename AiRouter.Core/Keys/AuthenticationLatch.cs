using AiRouter.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Keys;

/// <summary>
/// Remembers that a client key has existed, so that <see cref="AuthenticationMode.Auto"/> never opens again (R1): for the
/// life of the process, in a file of <c>AIROUTER_DATA</c> when that is set, and in the store where there is one. Deleting every
/// key, or the configuration itself, does not undo it.
/// </summary>
public sealed partial class AuthenticationLatch
{
    /// <summary>The file that stands for "yes".</summary>
    internal const string FileName = "keys-have-existed";

    private readonly string? _file;
    private readonly ILogger<AuthenticationLatch> _logger;
    private volatile bool _anyKeyHasExisted;
    private volatile bool _awaitsStore;

    /// <summary>Reads what an earlier process left behind.</summary>
    public AuthenticationLatch(RouterConfigurationSource source, ILogger<AuthenticationLatch> logger)
    {
        _logger = logger;
        if (source.DataFolder is { } folder)
        {
            _file = Path.Combine(folder, FileName);
            _anyKeyHasExisted = WasSet(_file);
        }
    }

    /// <summary>
    /// Whether there is or ever was a client key, or may have been: a store that has not been heard yet may know of one. Once true for
    /// a key that was seen, always true.
    /// </summary>
    public bool AnyKeyHasExisted => _anyKeyHasExisted || _awaitsStore;

    /// <summary>Whether a key was seen, or the store or an earlier process said so.</summary>
    public bool HasSeenKey => _anyKeyHasExisted;

    /// <summary>There is a store: until it has said that there has never been a key, there may have been one.</summary>
    public void AwaitStore() => _awaitsStore = true;

    /// <summary>Takes note of what the store says.</summary>
    public void ObserveStore(bool anyKeyHasExisted)
    {
        if (anyKeyHasExisted)
        {
            Close();
        }

        _awaitsStore = false;
    }

    /// <summary>Takes note of the keys of a configuration before it is served.</summary>
    public void Observe(ClientKeys keys)
    {
        if (keys.Count > 0)
        {
            Close();
        }
    }

    private void Close()
    {
        if (_anyKeyHasExisted)
        {
            return;
        }

        _anyKeyHasExisted = true;
        if (_file is null)
        {
            return;
        }

        try
        {
            CreateFolder(Path.GetDirectoryName(_file)!);
            File.WriteAllBytes(_file, []);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            LogNotKept(_file, unwritable.Message);
        }
    }

    // Nobody else's business (R36): 0700 when it is made here.
    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // File.Exists says no when it may not look; a folder that hides its content must not open the router.
    private bool WasSet(string file)
    {
        try
        {
            _ = File.GetAttributes(file);
            return true;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            LogHidden(file, hidden.Message);
            return true;
        }
    }

    [LoggerMessage(
        1101,
        LogLevel.Error,
        "{File} cannot be written: after a restart without keys, authentication would be open ({Reason})")]
    private partial void LogNotKept(string file, string reason);

    [LoggerMessage(1102, LogLevel.Error, "{File} cannot be read: clients need a key until it can ({Reason})")]
    private partial void LogHidden(string file, string reason);
}
