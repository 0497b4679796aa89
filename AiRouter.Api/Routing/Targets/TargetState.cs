using AiRouter.Api.Health;
using AiRouter.Api.Routing.Policies;

namespace AiRouter.Api.Routing.Targets;

/// <summary>
/// What is live about one target of one model: requests under way, how soon answers begin, whether it may be asked. Not of one
/// configuration: it survives every reload that leaves its backend and its model there unchanged.
/// </summary>
internal sealed class TargetState(TargetHealth health, TargetLoad load)
{
    /// <summary>Whether it may be asked.</summary>
    public TargetHealth Health => health;

    /// <summary>What it has to do.</summary>
    public TargetLoad Load => load;

    /// <summary>How far it is from its next turn; <see cref="RoundRobinPolicy"/>'s, which has a lock around it.</summary>
    public long Turn { get; set; }
}
