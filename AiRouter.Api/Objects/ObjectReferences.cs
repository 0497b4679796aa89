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
    public ApiError? Check(Exchange exchange)
    {
        if (exchange.Body is not JsonBody body || !MayRefer(exchange.Operation, body.Json.Span))
        {
            return null;
        }

        return Check(exchange, body.Json.Span);
    }

    /// <summary>The same for a body that is not indexed.</summary>
    public ApiError? Check(Exchange exchange, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            var isReference = false;
            var depth = 0;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    isReference = IsReference(ref reader) || (isReference && reader.CurrentDepth > depth && reader.ValueTextEquals("id"u8));
                    depth = reader.CurrentDepth;
                }
                else if (reader.TokenType == JsonTokenType.String && isReference &&
                    Refuse(exchange, reader.GetString()!) is { } error)
                {
                    return error;
                }
            }
        }
        catch (JsonException)
        {
            return new ApiError(ErrorCause.InvalidRequest, "We could not parse the JSON body of your request.");
        }

        return null;
    }

    private static bool MayRefer(Operation operation, ReadOnlySpan<byte> json) =>
        operation.Name == Operations.Responses || json.IndexOf("file_id"u8) >= 0;

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

    private ApiError? Refuse(Exchange exchange, string id)
    {
        var known = owners.Find(id);
        if (known is not null && known.Owner == exchange.Client?.Name)
        {
            exchange.PinnedBackend ??= known.Backend;
            return null;
        }

        // Without keys there is nobody to keep apart; a backend with the client's own credential keeps apart itself.
        var isForeign = known is not null || exchange.Client is not null;
        return isForeign && exchange.ForwardableCredential is null && LooksLikeId(id)
            ? new ApiError(ErrorCause.ObjectNotFound, $"No such object: '{id}'.")
            : null;
    }

    /// <summary>Words that stand in these places too (<c>container: auto</c>) are no ids.</summary>
    private static bool LooksLikeId(string id) => id.AsSpan().IndexOfAny('_', '-') > 0;
}
