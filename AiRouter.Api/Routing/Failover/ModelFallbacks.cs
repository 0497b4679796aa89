using AiRouter.Api.Admission;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Queueing;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Failover;

/// <summary>Moves a request to another model when its own cannot answer (R23), and back when that one cannot either.</summary>
internal sealed class ModelFallbacks(RequestAdmission admission, ModelQueues queues)
{
    /// <summary>Why another model may be asked; null: none may.</summary>
    public static FallbackReason? ReasonOf(Exchange exchange, AttemptSeries series, ApiError error)
    {
        if (series.IsOver || exchange.PinnedBackend is not null || exchange.Model!.Model.Config.Fallbacks.Count == 0)
        {
            return null;
        }

        return ContextOverflow.IsCauseOf(error) ? FallbackReason.ContextLength
            : series.MayGoOn && error.Cause is not (ErrorCause.ClientGone or ErrorCause.Draining) ? FallbackReason.Failure
            : null;
    }

    /// <summary>Whether one of the models that may answer instead of <paramref name="from"/> has a target that is well.</summary>
    public static bool CanAnswer(Exchange exchange, ModelRoute from) =>
        exchange.PinnedBackend is null && from.Model.Config.Fallbacks.Count > 0 &&
        Of(exchange, from, FallbackReason.Failure).Any(other => TargetSelector.HasUsable(other.Route));

    /// <summary>
    /// The models that may answer instead of <paramref name="from"/>, in the order of its list, each once. Only its own list counts:
    /// who reads one model's entry sees all that its requests may come to.
    /// </summary>
    public static IEnumerable<FallbackModel> Of(Exchange exchange, ModelRoute from, FallbackReason reason)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal) { from.Model.Name };
        foreach (var fallback in from.Model.Config.Fallbacks)
        {
            if (fallback.On.Contains(reason) && Find(exchange, from, fallback) is { } model && asked.Add(model.Route.Model.Name))
            {
                yield return model;
            }
        }
    }

    /// <summary>
    /// The request becomes one for <paramref name="model"/>: its limits, its queue, its price. What was reserved is given back; what
    /// the other model costs is reserved when its backend is about to be asked. An error: it does not take the request.
    /// </summary>
    public async ValueTask<ApiError?> EnterAsync(Exchange exchange, FallbackModel model)
    {
        Leave(exchange);
        FailedAnswer.Forget(exchange);
        exchange.Model = model.Model;
        if ((ModelLimits.Check(exchange) ?? await queues.EnterAsync(exchange)) is { } refused)
        {
            return refused;
        }

        ModelRouter.Show(exchange);
        return null;
    }

    /// <summary>The request holds nothing of its model any more.</summary>
    public void Leave(Exchange exchange)
    {
        exchange.LeaveQueue();
        admission.Release(exchange);
    }

    /// <summary>The model, if the client may use it for what it asks, with the targets that the request may go to.</summary>
    private static FallbackModel? Find(Exchange exchange, ModelRoute from, FallbackConfig fallback)
    {
        var operation = exchange.Operation.Name;
        if (exchange.State.Model.Models.Resolve(fallback.Model, operation) is not { IsDefault: false } model ||
            exchange.Client?.MayUseModel(model.Name) == false ||
            model.Model.Config.Operations?.Contains(operation) == false)
        {
            return null;
        }

        var route = exchange.State.Routes[model.Model.Name];
        if (!fallback.AllowExternal && from.Targets.All(static t => t.Model.Config.Weight == 0 || !t.Model.Backend.IsExternal))
        {
            route = route with { Targets = [.. route.Targets.Where(t => !t.Model.Backend.IsExternal)] };
        }

        return route.Targets.Any(t => t.Model.Config.Weight > 0) ? new FallbackModel(model, route) : null;
    }
}

/// <summary>Another model that may answer.</summary>
/// <param name="Model">The model, by the name that its targets are asked for.</param>
/// <param name="Route">Its targets, as far as the request may go there.</param>
internal sealed record FallbackModel(ResolvedModel Model, ModelRoute Route);
