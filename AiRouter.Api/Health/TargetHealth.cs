using AiRouter.Core.Configuration;

namespace AiRouter.Api.Health;

/// <summary>
/// Whether one target may be asked: its circuit breaker, the time it asked to be left alone for (429), and what its backend's probes
/// found. A breaker that is open becomes half open by the clock; then one request at a time tries the target, and one answer closes it.
/// </summary>
/// <param name="config">When the breaker opens, and for how long.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the moments at which replicas try again.</param>
/// <param name="changed">Is told what an operator should know; called without a lock held.</param>
internal sealed class TargetHealth(
    BreakerConfig config, TimeProvider time, Random? random = null, Action<HealthChange>? changed = null)
{
    /// <summary>Requests from which on their failed share counts.</summary>
    internal const int FewestForRatio = 20;

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private readonly Random _random = random ?? Random.Shared;
    private readonly FailureWindow _window = new(TimeSpan.FromSeconds(config.Window));
    private readonly CoolDown _coolDown = new();
    private bool _isOpen;
    private bool _isTrying;
    private bool _isOnProbation;
    private bool _probesFail;
    private bool _isToldOut;
    private int _failures;
    private int _openings;
    private int _epoch;
    private TimeSpan _openUntil;
    private TimeSpan? _failedSince;

    /// <summary>Whether a request may be sent now: not open and not resting, or half open with nobody trying.</summary>
    public bool IsUsable => Standing.IsUsable;

    /// <summary>How it is now.</summary>
    public TargetStanding Standing
    {
        get
        {
            lock (_gate)
            {
                return StandingAt(Now);
            }
        }
    }

    /// <summary>A request is about to be sent.</summary>
    /// <param name="evenIfOut">It is sent whatever is known of the target (panic threshold).</param>
    /// <param name="ticket">For <see cref="Report"/>, which follows each true exactly once.</param>
    /// <returns>False: it may not be asked; another request may just be trying it.</returns>
    public bool TryBegin(bool evenIfOut, out HealthTicket ticket)
    {
        lock (_gate)
        {
            var standing = StandingAt(Now);
            var isTrial = standing.Condition == TargetCondition.HalfOpen;
            ticket = new HealthTicket(_epoch, isTrial);
            if (!standing.IsUsable && !evenIfOut)
            {
                return false;
            }

            _isTrying |= isTrial;
            return true;
        }
    }

    /// <summary>
    /// The answer has begun to come. A target that was out is asked by all again, so that a long stream does not keep it out; but until
    /// an answer has come whole, one failure is enough to put it out again.
    /// </summary>
    /// <returns>The ticket to report with from now on.</returns>
    public HealthTicket AnswerBegan(HealthTicket ticket)
    {
        TimeSpan wasOut;
        lock (_gate)
        {
            if (ticket.Epoch != _epoch || !_isOpen)
            {
                return ticket;
            }

            wasOut = Close();
            _isOnProbation = true;
            ticket = new HealthTicket(_epoch, false);
        }

        changed?.Invoke(new HealthChange(HealthChangeKind.Recovered, wasOut));
        return ticket;
    }

    /// <summary>What came of an attempt. One whose client left (<see cref="TargetOutcome.Unknown"/>) lets another try.</summary>
    /// <param name="ticket">Which.</param>
    /// <param name="outcome">What it says about the target.</param>
    /// <param name="coolDown">How long it wants to be left alone, where it said so; for <see cref="TargetOutcome.Overloaded"/>.</param>
    public void Report(HealthTicket ticket, TargetOutcome outcome, TimeSpan? coolDown)
    {
        HealthChange? change;
        lock (_gate)
        {
            var now = Now;
            var isCurrent = ticket.Epoch == _epoch;
            if (isCurrent && ticket.IsTrial)
            {
                _isTrying = false;
            }

            change = outcome switch
            {
                TargetOutcome.Overloaded => Rest(now, coolDown),
                TargetOutcome.Success when isCurrent => Succeed(now),
                TargetOutcome.Failure when isCurrent && config.Enabled => Fail(now, ticket.IsTrial),
                _ => null,
            };
        }

        if (change is { } happened)
        {
            changed?.Invoke(happened);
        }
    }

    /// <summary>
    /// What the last probes say. Good ones after bad ones do not close the breaker: they let one request try at once. While they were
    /// good all along they change nothing, whatever requests have shown.
    /// </summary>
    public void Probed(bool isWell)
    {
        lock (_gate)
        {
            if (_probesFail && isWell && config.Enabled)
            {
                _epoch++;
                _isOpen = true;
                _isTrying = false;
                _openUntil = Now;
                _isToldOut = false;
            }

            if (!_probesFail && !isWell)
            {
                _failedSince ??= Now;
            }

            _probesFail = !isWell;
        }
    }

    // Only goes forward, unlike the time of day.
    private TimeSpan Now => time.GetElapsedTime(_started);

    private TargetStanding StandingAt(TimeSpan now)
    {
        var condition = _probesFail ? TargetCondition.ProbesFail
            : !_isOpen ? TargetCondition.Closed
            : _isTrying ? TargetCondition.Trying
            : now < _openUntil ? TargetCondition.Open
            : TargetCondition.HalfOpen;
        var (rest, until) = _coolDown.At(now);
        var usableAt = condition == TargetCondition.Open && _openUntil > until ? _openUntil : until;
        return new TargetStanding(condition, rest, usableAt - now);
    }

    private HealthChange? Rest(TimeSpan now, TimeSpan? asked)
    {
        var wasResting = _coolDown.At(now).Why != TargetRest.None;
        var left = _coolDown.Begin(now, asked, _random.NextDouble());
        return wasResting || left == TimeSpan.Zero ? null : new HealthChange(HealthChangeKind.Rests, left);
    }

    private HealthChange? Succeed(TimeSpan now)
    {
        _coolDown.Forget();
        _openings = 0;
        _failures = 0;
        _isOnProbation = false;
        if (_isOpen)
        {
            return new HealthChange(HealthChangeKind.Recovered, Close());
        }

        _window.Add(now, hasFailed: false);
        return null;
    }

    private HealthChange? Fail(TimeSpan now, bool isTrial)
    {
        if (_isOpen)
        {
            // One that was sent although the target is out shows nothing new.
            return isTrial ? Open(now, HealthChangeKind.FailedAgain) : null;
        }

        _failures++;
        _window.Add(now, hasFailed: true);
        var (total, failed) = _window.CountAt(now);
        return _isOnProbation ? Open(now, HealthChangeKind.FailedAgain)
            : _failures >= config.Failures ? Open(now, HealthChangeKind.FailedInARow)
            : total >= FewestForRatio && failed >= config.Ratio * total ? Open(now, HealthChangeKind.FailedTooOften)
            : null;
    }

    private HealthChange Open(TimeSpan now, HealthChangeKind why)
    {
        var longest = Math.Min(config.MaxOpen, config.Open * Math.Pow(2, Math.Min(_openings, 20)));
        var left = TimeSpan.FromSeconds(longest * (1 - (_random.NextDouble() / 5)));
        _openings++;
        _openUntil = now + left;
        _failedSince ??= now;
        Begin(isOpen: true);
        if (why == HealthChangeKind.FailedAgain && !_isToldOut)
        {
            why = HealthChangeKind.FailedOnReturn;
        }

        _isToldOut = true;
        return new HealthChange(why, left);
    }

    /// <summary>Returns how long it was out.</summary>
    private TimeSpan Close()
    {
        var since = _failedSince ?? _openUntil;
        _failedSince = null;
        _isToldOut = false;
        Begin(isOpen: false);
        return Now - since;
    }

    private void Begin(bool isOpen)
    {
        _epoch++;
        _isOpen = isOpen;
        _isTrying = false;
        _isOnProbation = false;
        _failures = 0;
        _window.Clear();
    }
}
