using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>
/// An ffmpeg that runs beside the router: with nothing of its environment, after it where there is too little processor for both,
/// and not longer than this object lives.
/// </summary>
internal sealed class FfmpegProcess : IAsyncDisposable
{
    private const int MostComplaint = 2048;
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StringBuilder _complaint = new();
    private readonly Task _listening;

    private FfmpegProcess(Process process)
    {
        _process = process;
        _listening = ListenAsync();
    }

    /// <summary>What it reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What it writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts one.</summary>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static FfmpegProcess Start(string path, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetPathRoot(path),
        };
        start.Environment.Clear();
        if (OperatingSystem.IsWindows())
        {
            // Its libraries are found by that.
            start.Environment["SystemRoot"] = Environment.GetFolderPath(Environment.SpecialFolder.Windows);
        }

        var process = Process.Start(start)!;
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
        {
            // It has ended already, or the system does not let us: it runs all the same.
        }

        return new FfmpegProcess(process);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, and the beginning of what it has complained about.</returns>
    public async Task<(int ExitCode, string Complaint)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _listening.WaitAsync(cancellationToken);
        return (_process.ExitCode, _complaint.ToString());
    }

    /// <summary>Ends it and all that it has started.</summary>
    public void Kill()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        using var deadline = new CancellationTokenSource(EndDeadline);
        try
        {
            await EndAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // What cannot be killed is the system's.
        }

        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            var buffer = new char[1024];
            int read;
            while ((read = await _process.StandardError.ReadAsync(buffer)) > 0)
            {
                _complaint.Append(buffer, 0, Math.Min(read, MostComplaint - _complaint.Length));
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // It has been given up.
        }
    }
}
