using System.Diagnostics;
using System.Globalization;

namespace AiRouter.AppHost.Runner;

/// <summary>Sees to it that no child outlives the runner, not even when the runner is killed: a shell that waits for the end of its
/// input, which comes when the runner is gone in whatever way, and then stops what it was told about. It ignores the signals of
/// Ctrl-C, which reach it too.</summary>
internal sealed class OrphanGuard : IDisposable
{
    // Ten seconds after asking, it no longer asks.
    private const string Script = """
        trap '' INT TERM HUP
        pids=
        while read -r pid; do pids="$pids $pid"; done
        [ -n "$pids" ] || exit 0
        kill -TERM $pids 2>/dev/null
        alive() { for pid in $pids; do kill -0 "$pid" 2>/dev/null && return 0; done; return 1; }
        i=0
        while [ $i -lt 100 ] && alive; do sleep 0.1; i=$((i + 1)); done
        kill -KILL $pids 2>/dev/null
        """;

    private readonly Process? _shell;

    private OrphanGuard(Process? shell) => _shell = shell;

    /// <summary>Starts the guard. On Windows there is none.</summary>
    public static OrphanGuard Start()
    {
        if (OperatingSystem.IsWindows())
        {
            return new OrphanGuard(null);
        }

        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        return new OrphanGuard(Process.Start(start));
    }

    /// <summary>Puts a process under guard.</summary>
    public void Watch(int processId)
    {
        _shell?.StandardInput.WriteLine(processId.ToString(CultureInfo.InvariantCulture));
        _shell?.StandardInput.Flush();
    }

    /// <summary>Ends the guard, once the children have been stopped.</summary>
    public void Dispose()
    {
        // Killed rather than told by the end of its input: the numbers that it knows are free for other processes now.
        _shell?.Kill();
        _shell?.WaitForExit();
        _shell?.Dispose();
    }
}
