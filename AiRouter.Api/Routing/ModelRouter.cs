using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing;

/// <summary>Finds who serves the model that a request names, and whether the client may use it.</summary>
internal static class ModelRouter
{
    /// <summary>Sets <see cref="Exchange.Model"/>, or says why not.</summary>
    public static ApiError? Route(Exchange exchange)
    {
        var asked = exchange.PathModel ?? exchange.Facts.Model;
        var operation = exchange.Operation.Name;
        var (model, refusal) = ModelDecision.Of(exchange.State.Model.Models, asked, operation, exchange.Client);
        if (refusal != ModelRefusal.None)
        {
            return Refuse(refusal, asked, model?.Name, operation);
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

    // A key never learns which names exist beside its own.
    private static ApiError Refuse(ModelRefusal refusal, string? asked, string? model, string operation) => refusal switch
    {
        ModelRefusal.NameMissing => new ApiError(ErrorCause.InvalidRequest, "You must provide a model parameter.", "model"),
        ModelRefusal.NotAllowed => new ApiError(ErrorCause.ModelNotAllowed, $"Your key may not use the model '{asked ?? model}'.", "model"),
        ModelRefusal.NotForOperation => new ApiError(
            ErrorCause.UnsupportedOperation, $"The model '{model}' is not for {operation}.", "model"),
        _ => new ApiError(ErrorCause.ModelNotFound, $"The model '{Cut(asked!)}' does not exist.", "model"),
    };

    private static string Cut(string name) => name.Length > ModelDecision.LongestName ? name[..ModelDecision.LongestName] + "…" : name;

    /// <summary>Names may hold any character; headers and log lines take visible ASCII only.</summary>
    internal static string Visible(string name) =>
        name.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? name : Uri.EscapeDataString(name);
}
