using AiRouter.TritonSimulator.Recording;
using AiRouter.TritonSimulator.Repository;

namespace AiRouter.TritonSimulator.Services;

/// <summary>What a simulated server knows; it survives a restart of the listener.</summary>
internal sealed class SimulatorState(SimulatorOptions options, TimeProvider time)
{
    public SimulatorOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ModelRepository Repository { get; } = new(options);

    public RequestLog Requests { get; } = new(options);

    public FaultLottery Lottery { get; } = new(options);

    public ConnectionList Connections { get; } = new();

    /// <summary>False makes ServerReady, health and inference say that the server is not ready.</summary>
    public bool Ready { get; set; } = true;
}
