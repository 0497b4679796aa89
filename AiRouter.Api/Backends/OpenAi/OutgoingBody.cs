using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The body that a backend gets, made of the client's.</summary>
internal static class OutgoingBody
{
    /// <summary>For a request that is routed by its model.</summary>
    public static ForwardedContent? For(Exchange exchange, TargetModel target, StreamPlan plan) => exchange.Body switch
    {
        JsonBody json => new ForwardedJson(json.Json, RequestEdits.For(exchange, target, json.Index, plan)),
        UploadBody upload => new ForwardedUpload(upload, target.Config.Model ?? exchange.Model!.Name),
        _ => null,
    };

    /// <summary>For a request without a model: the body as it came.</summary>
    public static ForwardedContent? Unchanged(RequestBody? body) => body is UploadBody { Bytes.Length: > 0 } upload
        ? new ForwardedUpload(upload, model: null)
        : null;
}
