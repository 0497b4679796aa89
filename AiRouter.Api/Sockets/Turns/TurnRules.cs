using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>What holds for a turn beside what holds for every request.</summary>
internal static class TurnRules
{
    /// <summary>Whether the model can be asked over this WebSocket.</summary>
    public static ApiError? CheckModel(Exchange exchange)
    {
        if (exchange.Turn is not { } turn)
        {
            return null;
        }

        var targets = exchange.State.Routes[exchange.Model!.Model.Name].Targets;
        if (!targets.Any(t => t.Backend.Backend.Speaks(exchange.Operation)))
        {
            turn.Ends(SessionEnd.Unserved);
            return new ApiError(
                ErrorCause.UnsupportedOperation,
                $"The model '{exchange.PublicName}' is not served over a WebSocket, because its backends have no Responses API of " +
                "their own. POST /v1/responses works.", "model")
            {
                Status = StatusCodes.Status501NotImplemented,
            };
        }

        return turn.OpenBackend is not { } open || targets.Any(t => t.Model.Backend.Name == open.Name)
            ? null
            : new ApiError(
                ErrorCause.InvalidRequest,
                $"This connection is to the backend that serves '{turn.OpenModel}', and '{exchange.PublicName}' is not served there. " +
                "Open another connection for it.", "model")
            {
                Code = "model_not_on_connection",
            };
    }

    /// <summary>What the router itself keeps, no backend can go on from.</summary>
    public static ApiError? CheckKept(Exchange exchange) =>
        exchange is { Turn: not null, GoesOnFrom: { } kept } ? ObjectIds.NotFound(kept) : null;
}
