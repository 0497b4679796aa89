using AiRouter.Core.Configuration;

namespace AiRouter.Api.Health;

/// <summary>Whether one target may be asked: its circuit breaker, and the time it asked to be left alone for (429).</summary>
internal sealed class TargetHealth(BreakerConfig config, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _alone;

    /// <summary>Whether a request may be sent now: not open and not cooling down, or half open with nobody trying.</summary>
    public bool IsUsable
    {
        get
        {
            lock (_gate)
            {
                return time.GetUtcNow() >= _alone;
            }
        }
    }

    /// <summary>
    /// A request is about to be sent. False: another one is just trying a target that is half open, so this one goes elsewhere.
    /// Each true is followed by one <see cref="Report"/>.
    /// </summary>
    public bool TryBegin() => IsUsable;

    /// <summary>What came of the attempt.</summary>
    /// <param name="outcome">What it says about the target.</param>
    /// <param name="coolDown">How long it wants to be left alone, where it said so.</param>
    public void Report(TargetOutcome outcome, TimeSpan? coolDown)
    {
        lock (_gate)
        {
            _failures = outcome switch
            {
                TargetOutcome.Failure => _failures + 1,
                TargetOutcome.Success => 0,
                _ => _failures,
            };
            var wait = outcome == TargetOutcome.Overloaded ? coolDown ?? TimeSpan.Zero
                : config.Enabled && _failures >= config.Failures ? TimeSpan.FromSeconds(config.Open) : TimeSpan.Zero;
            _alone = time.GetUtcNow() + wait;
        }
    }
}
