using Microsoft.Win32.SafeHandles;

namespace AiRouter.Api.Requests;

/// <summary>Where uploads wait that are too large for memory: <c>spool</c> in <c>AIROUTER_DATA</c>, else the system's folder for temporary files.</summary>
internal sealed class SpoolFolder
{
    private readonly string _path;

    /// <summary>Reads <c>AIROUTER_DATA</c>.</summary>
    public SpoolFolder(IConfiguration configuration)
    {
        var data = configuration["AIROUTER_DATA"];
        _path = string.IsNullOrEmpty(data) ? Path.Combine(Path.GetTempPath(), "airouter-spool") : Path.Combine(data, "spool");
    }

    /// <summary>
    /// A new file that only this process can read (0600) and that is gone when it is closed, whatever happens to the process:
    /// its name is taken away at once where the system allows that.
    /// </summary>
    public SafeFileHandle Open()
    {
        CreateFolder();
        var path = Path.Combine(_path, Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
                FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        }

        using (new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            // Only made, with its mode.
        }

        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        File.Delete(path);
        return handle;
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
        }
        else
        {
            Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
