namespace AiRouter.Api.Requests;

/// <summary>
/// Where uploads wait that are too large for memory: <c>spool</c> in <c>AIROUTER_DATA</c>, else the system's folder for
/// temporary files.
/// </summary>
internal sealed partial class SpoolFolder
{
    private readonly string _path;
    private readonly ILogger<SpoolFolder> _logger;

    /// <summary>Reads <c>AIROUTER_DATA</c>.</summary>
    public SpoolFolder(IConfiguration configuration, ILogger<SpoolFolder> logger)
    {
        var data = configuration["AIROUTER_DATA"];
        _path = string.IsNullOrEmpty(data) ? Path.Combine(Path.GetTempPath(), "airouter-spool") : Path.Combine(data, "spool");
        _logger = logger;
    }

    /// <summary>
    /// A new file that only this process can read (0600) and that is gone when it is closed, whatever happens to the process:
    /// its name is taken away at once where the system allows that.
    /// </summary>
    /// <exception cref="IOException">There is no room, or the folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public FileStream Open()
    {
        var file = Open(FileShare.None, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(file.Name);
        }

        return file;
    }

    /// <summary>The same with a name, for another process of this user to open; whoever has asked for it deletes it.</summary>
    /// <exception cref="IOException">There is no room, or the folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public FileStream OpenNamed() => Open(FileShare.ReadWrite, FileOptions.None);

    /// <summary>Tells the operator that an upload could not be kept: the disk is full, or the folder cannot be written.</summary>
    public void LogUnwritable(Exception reason) => LogUnwritable(_path, reason.Message);

    private FileStream Open(FileShare share, FileOptions further)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = share,
            Options = FileOptions.Asynchronous | further,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
        }
        else
        {
            Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(_path, Path.GetRandomFileName()), options);
    }

    [LoggerMessage(2041, LogLevel.Error, "An upload could not be kept in {Folder}: {Reason}")]
    private partial void LogUnwritable(string folder, string reason);
}
