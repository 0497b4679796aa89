using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Objects;

/// <summary>Looks in JSON bodies for objects that backends keep: only their owner may refer to them (R5).</summary>
internal sealed class ObjectReferences(ObjectOwners owners)
{
    private static readonly string[] Names =
    [
        "previous_response_id", "conversation", "file_id", "file_ids", "input_file_id", "training_file", "validation_file",
        "vector_store_id", "vector_store_ids", "container", "assistant_id", "thread_id",
    ];

    /// <summary>Sets <see cref="Exchange.PinnedBackend"/> when the body refers to an object; or says that it is not there.</summary>
    public ValueTask<ApiError?> CheckAsync(Exchange exchange) =>
        exchange.Body is JsonBody body && MayRefer(exchange.Operation, body.Index) ? CheckAsync(exchange, body.Json) : default;

    /// <summary>The same for a body that is not indexed.</summary>
    public ValueTask<ApiError?> CheckAsync(Exchange exchange, ReadOnlyMemory<byte> json)
    {
        var ids = default(List<string>);
        return Collect(json.Span, ref ids) is { } error ? ValueTask.FromResult<ApiError?>(error)
            : ids is null ? default
            : CheckAsync(exchange, ids);
    }

    /// <summary>The same for a field of a form.</summary>
    public ValueTask<ApiError?> CheckAsync(Exchange exchange, string field, string value) =>
        Names.Contains(field.Replace("[]", "", StringComparison.Ordinal), StringComparer.Ordinal)
            ? CheckAsync(exchange, [value])
            : default;

    private async ValueTask<ApiError?> CheckAsync(Exchange exchange, List<string> ids)
    {
        var isComplete = await owners.TryLoadAsync(ids.Where(ObjectIds.LooksLikeOne), exchange.Aborted);
        foreach (var id in ids)
        {
            if (Refuse(exchange, id, isComplete) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static ApiError? Collect(ReadOnlySpan<byte> json, ref List<string>? ids)
    {
        if (Utf8Text.FindProblem(json) is { } problem)
        {
            return BadJson(problem);
        }

        var reader = new Utf8JsonReader(json);
        var scope = new ReferenceScope();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        scope.Name(ref reader, IsReference(ref reader));
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        scope.Begin(ref reader);
                        break;
                    case JsonTokenType.String when scope.IsReference(ref reader):
                        (ids ??= []).Add(reader.GetString()!);
                        break;
                }
            }
        }
        catch (JsonException)
        {
            return BadJson("it is not JSON");
        }

        return null;
    }

    // Other names than this one are not in the way of these operations. One that is spelled with escapes may be it.
    private static bool MayRefer(Operation operation, JsonIndex index) =>
        operation.Name == Operations.Responses || index.HasEscapedName || index.Json.Span.IndexOf("file_id"u8) >= 0;

    private static ApiError BadJson(string what) =>
        new(ErrorCause.InvalidRequest, $"We could not parse the JSON body of your request: {what}.");

    private static bool IsReference(ref Utf8JsonReader reader)
    {
        foreach (var name in Names)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    private ApiError? Refuse(Exchange exchange, string id, bool isComplete)
    {
        var known = owners.Find(id);
        if (known is not null && known.Owner == exchange.Client?.Id)
        {
            if (known.IsRouters)
            {
                exchange.GoesOnFrom = id;
            }
            else
            {
                exchange.PinnedBackend ??= known.Backend;
            }

            return null;
        }

        if (!ObjectIds.LooksLikeOne(id) || BackendKeepsApart(exchange))
        {
            return null;
        }

        // Without keys there is nobody to keep apart.
        return known is not null || (isComplete && exchange.Client is not null) ? ObjectIds.NotFound(id)
            : isComplete ? null
            : ObjectIds.Unknown(id);
    }

    /// <summary>A backend that gets the client's own credential keeps clients apart itself; any other sees one client only.</summary>
    private static bool BackendKeepsApart(Exchange exchange)
    {
        if (exchange.ForwardableCredential is null)
        {
            return false;
        }

        var state = exchange.State.Model;
        return exchange.Model is { } model
            ? model.Model.Targets.All(t => t.Backend.Credential.Kind == CredentialKind.Forward)
            : (exchange.PinnedBackend ?? state.Config.Defaults.Backend) is { } name &&
              state.Backends.GetValueOrDefault(name)?.Credential.Kind == CredentialKind.Forward;
    }
}
