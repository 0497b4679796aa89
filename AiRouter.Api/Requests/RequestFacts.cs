using System.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Requests;

/// <summary>The few members of a JSON request that routing needs, whatever the backend.</summary>
internal sealed record RequestFacts
{
    /// <summary>Facts of a request without a JSON body.</summary>
    public static readonly RequestFacts None = new();

    /// <summary>The model that the client asks for; null when it names none (an empty name is none).</summary>
    public string? Model { get; init; }

    /// <summary>Whether the client wants a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the client wants a last chunk with the usage (<c>stream_options.include_usage</c>).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>How many choices.</summary>
    public int N { get; init; } = 1;

    /// <summary>Reads and checks them; null and <paramref name="error"/> when one is not what it must be.</summary>
    public static RequestFacts? Read(JsonIndex index, Operation operation, out ApiError? error)
    {
        error = FindMissing(index, operation);
        if (error is not null)
        {
            return null;
        }

        var reader = new FactReader(index);
        var facts = new RequestFacts
        {
            Model = reader.Text("model"u8) is { Length: > 0 } model ? model : null,
            Stream = operation.MayStream && (reader.Flag("stream"u8) ?? false),
            IncludeUsage = reader.IncludeUsage(),
            N = reader.Count("n"u8) ?? 1,
        };
        error = reader.Error;
        return error is null ? facts : null;
    }

    private static ApiError? FindMissing(JsonIndex index, Operation operation) => operation.Name switch
    {
        Operations.Chat => RequireItems(index, "messages"u8, JsonTokenType.StartArray),
        Operations.Completions => RequireItems(index, "prompt"u8, JsonTokenType.StartArray, JsonTokenType.String),
        Operations.Embeddings => RequireItems(index, "input"u8, JsonTokenType.StartArray, JsonTokenType.String),
        _ => null,
    };

    private static ApiError? RequireItems(JsonIndex index, ReadOnlySpan<byte> name, params ReadOnlySpan<JsonTokenType> types)
    {
        var member = index.Find(name);
        if (member.IsNull)
        {
            return Refuse(name, "Missing required parameter: '{0}'.");
        }

        if (!types.Contains(member.Type))
        {
            return Refuse(name, "Invalid type for '{0}'.");
        }

        // "" and [] alone are empty; what stands inside is the backend's (or the translator's) to judge.
        var inner = index.ValueOf(member)[1..^1];
        return inner.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? Refuse(name, "Invalid '{0}': it is empty.") : null;
    }

    private static ApiError Refuse(ReadOnlySpan<byte> name, string why)
    {
        var text = Encoding.UTF8.GetString(name);
        return new ApiError(ErrorCause.InvalidRequest, why.Replace("{0}", text, StringComparison.Ordinal), text);
    }
}
