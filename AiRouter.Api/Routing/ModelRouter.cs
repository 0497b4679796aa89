using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Routing;

/// <summary>Finds who serves the model that a request names, and whether the client may use it.</summary>
internal static class ModelRouter
{
    /// <summary>The longest name, as in the configuration: patterns match more, and names reach headers and log lines.</summary>
    private const int LongestName = 256;

    /// <summary>Sets <see cref="Exchange.Model"/>, or says why not.</summary>
    public static ApiError? Route(Exchange exchange)
    {
        var asked = exchange.PathModel ?? exchange.Facts.Model;
        var operation = exchange.Operation.Name;
        if (asked is not null && !IsName(asked))
        {
            return NotFound(asked.Length > LongestName ? asked[..LongestName] + "…" : asked);
        }

        if (exchange.State.Model.Models.Resolve(asked, operation) is not { } model)
        {
            return asked is null
                ? new ApiError(ErrorCause.InvalidRequest, "You must provide a model parameter.", "model")
                : NotFound(asked);
        }

        // R10: permission is asked for the model that answers. A key never learns which names exist beside its own.
        if (exchange.Client is { } client && !client.MayUseModel(model.Name))
        {
            return new ApiError(
                ErrorCause.ModelNotAllowed, $"Your key may not use the model '{asked ?? model.Name}'.", "model");
        }

        if (model.Model.Config.Operations is { } operations && !operations.Contains(operation))
        {
            return new ApiError(
                ErrorCause.UnsupportedOperation, $"The model '{model.Name}' is not for {operation}.", "model");
        }

        exchange.Model = model;
        Show(exchange);
        return null;
    }

    /// <summary>Tells the client which model answers (R10), unless the response has begun.</summary>
    internal static void Show(Exchange exchange)
    {
        if (!exchange.Http.Response.HasStarted)
        {
            exchange.Http.Response.Headers["x-airouter-model"] = Visible(exchange.Model!.Name);
        }
    }

    // No name has a control character, and a form that a backend gets could be ended by one (R11, R43).
    private static bool IsName(string asked) =>
        asked.Length <= LongestName && asked.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !asked.Contains('\x7f');

    private static ApiError NotFound(string model) =>
        new(ErrorCause.ModelNotFound, $"The model '{model}' does not exist.", "model");

    /// <summary>Names may hold any character; headers and log lines take visible ASCII only.</summary>
    internal static string Visible(string name) =>
        name.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? name : Uri.EscapeDataString(name);
}
