using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiRouter.AppHost.Runner;

/// <summary>What .NET has no call for: asking another process to stop.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    /// <summary>Asks the process to stop in good order; on Windows, where one cannot ask, ends it.</summary>
    public static void Terminate(Process process)
    {
        // A process that is gone already (ESRCH) is what was wanted.
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = Kill(process.Id, SigTerm);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
