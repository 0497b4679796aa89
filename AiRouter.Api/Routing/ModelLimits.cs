using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing;

/// <summary>What a model lets a request ask for, whatever kind of backend answers (R9, R13).</summary>
internal static class ModelLimits
{
    private static readonly string[] Chat = ["max_completion_tokens", "max_tokens"];
    private static readonly string[] Completions = ["max_tokens"];
    private static readonly string[] Messages = ["max_tokens"];
    private static readonly string[] Responses = ["max_output_tokens"];

    /// <summary>What an operation calls its token limit, the name in use today first.</summary>
    public static string[] TokenLimits(Operation operation) => operation.Name switch
    {
        Operations.Chat when operation.Dialect == StreamDialect.Messages => operation.CountsOnly ? [] : Messages,
        Operations.Chat => Chat,
        Operations.Completions => Completions,
        Operations.Responses when operation.MayStream => Responses,
        _ => [],
    };

    /// <summary>Why the request asks for too much, or null.</summary>
    public static ApiError? Check(Exchange exchange)
    {
        // Where Messages are translated, chat's name stays in them and counts too.
        var names = TokenLimits(exchange.Operation);
        names = ReferenceEquals(names, Messages) ? Chat : names;
        if (names.Length == 0 || exchange.Body is not JsonBody body)
        {
            return null;
        }

        var model = exchange.Model!.Model.Config;
        if (exchange.Facts.N > model.MaxN)
        {
            return new ApiError(
                ErrorCause.InvalidRequest,
                $"Invalid 'n': this model gives at most {model.MaxN} choices, you asked for {exchange.Facts.N}.", "n");
        }

        return model.MaxTokens.Max is { } most ? CheckTokens(body.Index, names, most) : null;
    }

    private static ApiError? CheckTokens(JsonIndex index, string[] names, int most)
    {
        foreach (var name in names)
        {
            var member = index.Find(System.Text.Encoding.UTF8.GetBytes(name));
            if (member.Type != JsonTokenType.Number)
            {
                continue;
            }

            var reader = new Utf8JsonReader(index.ValueOf(member));
            reader.Read();
            if (reader.GetDouble() > most)
            {
                var asked = System.Text.Encoding.UTF8.GetString(index.ValueOf(member));
                return new ApiError(
                    ErrorCause.InvalidRequest,
                    $"Invalid '{name}': this model generates at most {most} tokens, you asked for {asked}.", name);
            }
        }

        return null;
    }
}
