using System.Globalization;
using AiRouter.Benchmarks.Sockets;

namespace AiRouter.Benchmarks.Processes;

/// <summary>What Linux counts of a process: its processor time, of threads that have ended too, and its
/// memory.</summary>
internal static class ProcessAccount
{
    // The kernel tells hundredths of a second to every program, whatever its own clock does.
    private const long MicrosecondsOfATick = 10_000;

    /// <summary>The processor time that it has used, in microseconds.</summary>
    public static long CpuMicroseconds(int process) => CpuMicroseconds(File.ReadAllText(Name(process, "stat")));

    /// <summary>The same, of a line of <c>/proc/PID/stat</c>.</summary>
    internal static long CpuMicroseconds(string stat)
    {
        // Its second member is the command in parentheses, which may have spaces and parentheses of its own.
        var members = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(members[11], CultureInfo.InvariantCulture) + long.Parse(members[12], CultureInfo.InvariantCulture))
            * MicrosecondsOfATick;
    }

    /// <summary>Its resident set in bytes.</summary>
    public static long Resident(int process) => Memory(process, "VmRSS:");

    /// <summary>The greatest that it was since <see cref="ForgetPeak"/>.</summary>
    public static long Peak(int process) => Memory(process, "VmHWM:");

    /// <summary>Begins a new measurement of <see cref="Peak"/>.</summary>
    public static void ForgetPeak(int process) => File.WriteAllText(Name(process, "clear_refs"), "5");

    /// <summary>Binds it to these cores, all its threads.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="cores">One bit for each core.</param>
    public static void Pin(int process, ulong cores)
    {
        // A thread may start another one meanwhile, which has what its parent had then.
        for (var round = 0; round < 2; round++)
        {
            foreach (var thread in Threads(process))
            {
                Linux.Pin(thread, cores);
            }
        }
    }

    private static IEnumerable<int> Threads(int process) =>
        Directory.GetDirectories(Name(process, "task")).Select(static t => int.Parse(Path.GetFileName(t), CultureInfo.InvariantCulture));

    private static long Memory(int process, string name)
    {
        var line = File.ReadLines(Name(process, "status")).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length, line.Length - name.Length - 3), CultureInfo.InvariantCulture) * 1024;
    }

    private static string Name(int process, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}");
}
