using AiRouter.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Keys;

/// <summary>
/// Remembers that a client key has existed, so that <see cref="AuthenticationMode.Auto"/> never opens again (R1): for the
/// life of the process, and in a file of <c>AIROUTER_DATA</c> when that is set. Deleting every key, or the configuration
/// itself, does not undo it; deleting that file does.
/// </summary>
public sealed partial class AuthenticationLatch
{
    /// <summary>The file that stands for "yes".</summary>
    internal const string FileName = "keys-have-existed";

    private readonly string? _file;
    private readonly ILogger<AuthenticationLatch> _logger;
    private volatile bool _anyKeyHasExisted;

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

    /// <summary>Whether there is or ever was a client key; once true, always true.</summary>
    public bool AnyKeyHasExisted => _anyKeyHasExisted;

    /// <summary>Takes note of the keys of a configuration before it is served.</summary>
    public void Observe(ClientKeys keys)
    {
        if (_anyKeyHasExisted || keys.Count == 0)
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
