using System.Diagnostics;

namespace AiRouter.Benchmarks.Processes;

/// <summary>Starts a server on some cores only, with its output in a file: a pipe would have to be read by the core
/// that load comes from.</summary>
internal static class PinnedStart
{
    /// <summary>How to start it. All of its runtime sees these cores and no others.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cores">As <c>taskset</c> reads them: <c>0</c>, <c>0-1</c>, <c>0,2</c>.</param>
    /// <param name="log">Where its output goes.</param>
    /// <param name="environment">Variables that it gets.</param>
    public static ProcessStartInfo Of(
        IEnumerable<string> command, string cores, string log, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec taskset -c \"$@\" >\"$log\" 2>&1", "sh", log, cores, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };

        // What was set for this process is not meant for it, least of all how code is compiled.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("AIROUTER", StringComparison.Ordinal)
        || (name.StartsWith("DOTNET_", StringComparison.Ordinal) && name is not ("DOTNET_ROOT" or "DOTNET_NOLOGO"));
}
