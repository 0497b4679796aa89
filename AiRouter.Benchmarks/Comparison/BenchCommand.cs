using AiRouter.Benchmarks.Load;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary><c>bench</c>: the router beside nginx and others, side by side in one run.</summary>
internal static class BenchCommand
{
    /// <summary>Runs it; 0: it was measured, whether bars are met or not.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var names = arguments.TakeWhile(static a => !a.StartsWith("--", StringComparison.Ordinal)).ToList();
        if (ModeOptions.Parse("bench", [.. arguments.Skip(names.Count)], BenchSettings.Known) is not { } options
            || WorkloadCatalogue.Named(names) is not { } workloads)
        {
            return 2;
        }

        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
        {
            Console.Error.WriteLine("bench: needs Linux and two cores: one for the proxy, one for load and upstream");
            return 2;
        }

        var settings = BenchSettings.Of(options, workloads.Count == WorkloadCatalogue.All.Count);

        // This process does next to nothing while others are measured, and that beside load.
        ProcessAccount.Pin(Environment.ProcessId, settings.LoadCores.Mask);
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        return await RunAsync(settings, workloads, stop.Token);
    }

    private static async Task<int> RunAsync(BenchSettings settings, IReadOnlyList<IWorkload> workloads, CancellationToken cancellationToken)
    {
        var machine = Machine.This(settings.ProxyCores.Text, settings.LoadCores.Text);
        Console.WriteLine(machine);
        var results = new List<WorkloadResult>();
        foreach (var limits in settings.Limits)
        {
            foreach (var workload in workloads.Where(w => limits == "memory" || w.DependsOnLimits))
            {
                var result = await workload.RunAsync(settings, limits, cancellationToken);
                results.Add(result);
                BenchTable.Write(result, Console.Out);
            }
        }

        var report = new BenchReport { Machine = machine, When = TimeProvider.System.GetUtcNow(), Rounds = settings.Rounds, Workloads = results };
        BenchTable.WriteBars(report, Console.Out);
        if (await CommittedResult.FindAsync(settings.Compared, cancellationToken) is { } before)
        {
            BenchTable.WriteComparison(report, before, Console.Out);
        }

        if (settings.JsonFile is { } file)
        {
            await File.WriteAllTextAsync(file, report.ToJson(), cancellationToken);
        }

        return 0;
    }
}
