using AiRouter.TritonSimulator.Scripts;

namespace AiRouter.TritonSimulator.Services;

/// <summary>Draws the faults that the options ask for by rate; the same seed draws the same.</summary>
internal sealed class FaultLottery(SimulatorOptions options)
{
    private readonly Random _random = new(options.FaultSeed);
    private readonly Lock _lock = new();

    public Script Draw(Script script)
    {
        if (options is { ErrorRate: 0, ResetRate: 0, HangRate: 0 })
        {
            return script;
        }

        double drawn;
        lock (_lock)
        {
            drawn = _random.NextDouble();
        }

        if ((drawn -= options.ErrorRate) < 0)
        {
            return script with { ErrorAfter = 0 };
        }

        if ((drawn -= options.ResetRate) < 0)
        {
            return script with { ResetAfter = 1 };
        }

        return drawn < options.HangRate ? script with { HangAfter = 1 } : script;
    }
}
