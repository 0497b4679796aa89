using System.Diagnostics;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>What a load client counts, and what the processes that are measured cost meanwhile. Not for several threads at once.</summary>
/// <param name="plan">Which processes are measured.</param>
internal sealed class LoadTally(LoadPlan plan)
{
    private long _cpu;
    private long _ownCpu;
    private long _start;

    /// <summary>From when a request was sent, or had to be, to the end of its answer.</summary>
    public SlicedLatency Latency { get; } = new();

    /// <summary>The same, to the first event of its stream.</summary>
    public SlicedLatency FirstEvent { get; } = new();

    /// <summary>From when the upstream wrote a chunk to when it was read.</summary>
    public SlicedLatency ChunkDelay { get; } = new();

    /// <summary>Answers that were as they must be.</summary>
    public long Answers { get; set; }

    /// <summary>Events of all streams.</summary>
    public long Events { get; set; }

    /// <summary>Answers that were wrong; also those from before <see cref="Begin"/>.</summary>
    public long Errors { get; private set; }

    /// <summary>The first of them.</summary>
    public string? FirstError { get; private set; }

    /// <summary>An answer was wrong.</summary>
    public void Fail(string error)
    {
        Errors++;
        FirstError ??= error;
    }

    /// <summary>Counts from now on.</summary>
    public void Begin()
    {
        Latency.Clear();
        FirstEvent.Clear();
        ChunkDelay.Clear();
        if (!plan.Holds)
        {
            (Answers, Events) = (0, 0);
        }

        foreach (var process in plan.Processes)
        {
            ProcessAccount.ForgetPeak(process);
        }

        _cpu = plan.Processes.Sum(ProcessAccount.CpuMicroseconds);
        _ownCpu = ProcessAccount.CpuMicroseconds(Environment.ProcessId);
        _start = Stopwatch.GetTimestamp();
    }

    /// <summary>What was counted since <see cref="Begin"/>.</summary>
    public LoadFigures End() => new()
    {
        Seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds,
        CpuMicroseconds = plan.Processes.Sum(ProcessAccount.CpuMicroseconds) - _cpu,
        OwnCpuMicroseconds = ProcessAccount.CpuMicroseconds(Environment.ProcessId) - _ownCpu,
        Answers = Answers,
        Events = Events,
        Errors = Errors,
        FirstError = FirstError,
        Resident = plan.Processes.Sum(ProcessAccount.Resident),
        PeakResident = plan.Processes.Sum(ProcessAccount.Peak),
        Latency = Latency.ToPercentiles(),
        FirstEvent = FirstEvent.ToPercentiles(),
        ChunkDelay = ChunkDelay.ToPercentiles(),
    };
}
