using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Failover;

/// <summary>The attempts of one request so far, and what may still be tried.</summary>
internal sealed class AttemptSeries(Exchange exchange)
{
    private readonly List<RoutedTarget> _tried = [];
    private ModelRoute? _route;
    private bool _hasReset;
    private int _eligible;

    /// <summary>The model that is asked.</summary>
    public ModelRoute Route => _route!;

    /// <summary>Its targets that have been tried.</summary>
    public IReadOnlyCollection<RoutedTarget> Tried => _tried;

    /// <summary>Whether those that are out may be asked where more than half are: not while another model can answer.</summary>
    public bool AsksThoseOut { get; private set; }

    /// <summary>Attempts at this model.</summary>
    public int Attempts { get; private set; }

    /// <summary>Why the last attempt failed; null: there was none at this model.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>Why the request may be tried again, as far as that failure is concerned.</summary>
    public RetryRule Rule { get; private set; }

    /// <summary>Whether another target, of this model or another one, may be tried at all.</summary>
    public bool MayGoOn { get; private set; } = true;

    /// <summary>Nobody else is asked whatever the failure was: the response has begun, or the request may be what breaks servers (R25).</summary>
    public bool IsOver { get; private set; }

    /// <summary>The model has one target that could be asked: the only case in which a target is asked twice.</summary>
    public bool HasOneTarget => _eligible == 1;

    /// <summary>There may be somebody to ask.</summary>
    public bool HasNext => HasOneTarget || _tried.Count < _eligible;

    /// <summary>Turns to a model.</summary>
    public void Enter(ModelRoute route, bool asksThoseOut)
    {
        _route = route;
        AsksThoseOut = asksThoseOut;
        _tried.Clear();
        Attempts = 0;
        Error = null;
        _eligible = 0;
        foreach (var target in route.Targets)
        {
            _eligible += target.MayAnswer(exchange) ? 1 : 0;
        }
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="target">Where.</param>
    /// <param name="error">Why.</param>
    /// <param name="rule">What that says about trying again.</param>
    public void Failed(RoutedTarget target, ApiError error, RetryRule rule)
    {
        Attempts++;
        _tried.Add(target);
        Error = error;
        Rule = rule;
        MayGoOn = MayRepeat(rule);

        // R25: behind a reset one other target is tried. One that could not be reached was not.
        IsOver |= _hasReset && rule != RetryRule.NotSent;
        MayGoOn &= !IsOver;
        _hasReset |= rule == RetryRule.Reset;
    }

    /// <summary>Nothing may be tried any more: the response has begun.</summary>
    public void End()
    {
        IsOver = true;
        MayGoOn = false;
    }

    /// <summary>Whether an attempt that begins after a wait still serves anybody.</summary>
    public bool IsInTime(TimeProvider time, TimeSpan wait)
    {
        var within = TimeSpan.FromSeconds(Route.Model.Config.Retry.Within);
        var patience = ClientDeadline.Of(exchange);
        return time.GetElapsedTime(exchange.Started) + wait < (patience < within ? patience.Value : within);
    }

    private bool MayRepeat(RetryRule rule) => rule switch
    {
        RetryRule.Never => false,
        RetryRule.NotSent => true,
        RetryRule.Timeout => Route.Model.Config.Retry.OnTimeout && RepeatableRequest.Is(exchange),
        _ => RepeatableRequest.Is(exchange),
    };
}
