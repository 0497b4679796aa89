using AiRouter.Api.Health;

namespace AiRouter.Api.Routing.Targets;

/// <summary>
/// One attempt at a target, from the choice to the end: it counts against what its backend takes at a time, and its end is told to the
/// target's health. Disposing ends it as <see cref="TargetOutcome.Unknown"/> where nobody has ended it, so that nothing is held for ever.
/// </summary>
internal sealed class TargetAttempt(RoutedTarget target, HealthTicket ticket) : IDisposable
{
    private HealthTicket _ticket = ticket;
    private bool _hasEnded;

    /// <summary>Who is asked.</summary>
    public RoutedTarget Target => target;

    /// <summary>The first of the answer has come: a target that was out is asked by others again.</summary>
    public void AnswerBegan() => _ticket = target.State.Health.AnswerBegan(_ticket);

    /// <summary>It has ended; only the first call counts.</summary>
    /// <param name="outcome">What that says about the target.</param>
    /// <param name="coolDown">How long it wants to be left alone (<c>Retry-After</c> of a 429); null: it did not say.</param>
    public void End(TargetOutcome outcome, TimeSpan? coolDown = null)
    {
        if (!Interlocked.Exchange(ref _hasEnded, true))
        {
            target.Backend.End();
            target.State.Health.Report(_ticket, outcome, coolDown);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => End(TargetOutcome.Unknown);
}
