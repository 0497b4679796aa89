using System.Globalization;
using System.Runtime.InteropServices;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>What was measured on.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Cores">How many the system has.</param>
/// <param name="MemoryGiB">How much memory.</param>
/// <param name="System">Its name and its kernel's.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="Cpus">Which cores the proxy had, and which load and upstream.</param>
internal sealed record Machine(string Processor, int Cores, int MemoryGiB, string System, string Runtime, string Cpus)
{
    /// <summary>This one.</summary>
    public static Machine This(string proxyCores, string loadCores)
    {
        var facts = File.ReadAllLines("/proc/cpuinfo");
        var processor = facts.FirstOrDefault(static l => l.StartsWith("model name", StringComparison.Ordinal));
        var flags = facts.FirstOrDefault(static l => l.StartsWith("flags", StringComparison.Ordinal));
        var kind = RuntimeInformation.OSArchitecture
            + (flags?.Contains(" hypervisor", StringComparison.Ordinal) == true ? ", virtual machine" : "");
        var cores = Directory.GetDirectories("/sys/devices/system/cpu", "cpu*").Count(static d => char.IsAsciiDigit(d[^1]));
        return new Machine(
            $"{processor?.Split(':')[1].Trim() ?? "unknown"} ({kind})",
            cores,
            (int)Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30)),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            $"proxy on core {proxyCores}, load and upstream on core {loadCores}");
    }

    /// <summary>As one line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores, {MemoryGiB} GiB, {System}, {Runtime}; {Cpus}");
}
