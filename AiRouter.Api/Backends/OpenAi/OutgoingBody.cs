using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The body that a backend gets, made of the client's.</summary>
internal static class OutgoingBody
{
    /// <summary>For a request that is routed by its model.</summary>
    public static async ValueTask<ForwardedContent?> ForAsync(
        Exchange exchange, TargetModel target, StreamPlan plan, CancellationToken cancellationToken)
    {
        if (exchange.Body is UploadBody { Boundary: not null } form)
        {
            return new ForwardedUpload(form, await FormEdits.ForAsync(exchange, target, form, cancellationToken));
        }

        return exchange.Body is JsonBody json
            ? new ForwardedJson(json.Json, RequestEdits.For(exchange, target, json.Index, plan))
            : Unchanged(exchange.Body);
    }

    /// <summary>For a request without a model: the body as it came.</summary>
    public static ForwardedContent? Unchanged(RequestBody? body) => body is UploadBody { Bytes.Length: > 0 } upload
        ? new ForwardedUpload(upload)
        : null;
}
