using System.Globalization;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>
/// A file of an upload on disk, for another process to read in any order. Only this user can read it (0600), and it is gone with this
/// object; on Linux it has no name at all, so it is gone with the router's process too.
/// </summary>
internal sealed class SeekableCopy : IDisposable
{
    private readonly FileStream _file;
    private readonly bool _isNamed;

    private SeekableCopy(FileStream file, bool isNamed)
    {
        _file = file;
        _isNamed = isNamed;
        Path = isNamed
            ? file.Name
            : string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}");
    }

    /// <summary>Where the other process finds it.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async ValueTask<SeekableCopy> MakeAsync(UploadPart part, SpoolFolder folder, CancellationToken cancellationToken)
    {
        var isNamed = !OperatingSystem.IsLinux();
        var copy = new SeekableCopy(isNamed ? folder.OpenNamed() : folder.Open(), isNamed);
        try
        {
            await part.CopyToAsync(copy._file, cancellationToken);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (_isNamed)
        {
            File.Delete(Path);
        }
    }
}
