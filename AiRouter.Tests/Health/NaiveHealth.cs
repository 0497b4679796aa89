using AiRouter.Api.Health;

namespace AiRouter.Tests.Health;

/// <summary>
/// A target's health written down as the documents tell it, without any care for speed: it keeps every answer since the breaker last
/// moved. Chance never shortens a time.
/// </summary>
internal sealed class NaiveHealth(int failures, decimal ratio, decimal window, decimal open, decimal maxOpen)
{
    private readonly List<(long Tenth, bool Failed)> _ended = [];
    private readonly List<bool> _answers = [];
    private object _era = new();
    private Attempt? _trial;
    private bool _broken;
    private bool _probesFail;
    private bool _probation;
    private decimal _aloneUntil;
    private decimal _askedUntil;
    private decimal _guessedUntil;
    private decimal _guess = 1;
    private decimal? _next;

    public decimal Now { get; set; }

    public bool IsUsable => !IsOut && !IsResting;

    public bool IsOut => _probesFail || (_broken && (_trial is not null || Now < _aloneUntil));

    private bool IsResting => Now < _askedUntil || Now < _guessedUntil;

    public Attempt? Begin(bool evenIfOut)
    {
        if (!IsUsable && !evenIfOut)
        {
            return null;
        }

        var attempt = new Attempt(_era);
        if (_broken && !IsOut)
        {
            _trial = attempt;
        }

        return attempt;
    }

    public void AnswerBegan(Attempt attempt)
    {
        if (attempt.Era == _era && _broken)
        {
            Turn(broken: false);
            _probation = true;
            attempt.Era = _era;
        }
    }

    public void End(Attempt attempt, TargetOutcome outcome, decimal? asked)
    {
        var wasTrial = attempt == _trial;
        _trial = wasTrial ? null : _trial;
        if (outcome == TargetOutcome.Overloaded)
        {
            Rest(asked);
        }
        else if (attempt.Era == _era && outcome == TargetOutcome.Success)
        {
            (_guess, _next, _probation) = (1, null, false);
            if (_broken)
            {
                Turn(broken: false);
            }
            else
            {
                Note(failed: false);
            }
        }
        else if (attempt.Era == _era && outcome == TargetOutcome.Failure && (!_broken || wasTrial))
        {
            Fail(wasTrial);
        }
    }

    public void Probed(bool isWell)
    {
        if (_probesFail && isWell)
        {
            Turn(broken: true, forget: false);
            _aloneUntil = Now;
        }

        _probesFail = !isWell;
    }

    private void Fail(bool wasTrial)
    {
        Note(failed: true);
        var tenth = Tenth;
        var counted = _ended.Where(e => e.Tenth > tenth - 10).ToList();
        if (wasTrial || _probation || _answers.TakeLast(failures).Count(failed => failed) == failures ||
            (counted.Count >= 20 && counted.Count(e => e.Failed) >= ratio * counted.Count))
        {
            Turn(broken: true);
            var leaveFor = _next ?? open;
            _aloneUntil = Now + leaveFor;
            _next = Math.Min(maxOpen, leaveFor * 2);
        }
    }

    private void Rest(decimal? asked)
    {
        if (asked is { } seconds)
        {
            _askedUntil = Math.Max(_askedUntil, Now + Math.Min(60, seconds));
        }
        else if (Now >= _guessedUntil)
        {
            _guessedUntil = Now + _guess;
            _guess = Math.Min(30, _guess * 2);
        }
    }

    private void Note(bool failed)
    {
        _answers.Add(failed);
        _ended.Add((Tenth, failed));
    }

    private long Tenth => (long)Math.Floor(Now / (window / 10));

    private void Turn(bool broken, bool forget = true)
    {
        _era = new object();
        _trial = null;
        _broken = broken;
        if (forget)
        {
            _probation = false;
            _answers.Clear();
            _ended.Clear();
        }
    }

    /// <summary>One request.</summary>
    internal sealed class Attempt(object era)
    {
        public object Era { get; set; } = era;
    }
}
