using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Api.Errors;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Endpoints;

/// <summary>
/// <c>GET /models</c> and <c>/models/{id}</c>: the configured names that the key may use. Nobody is asked for it, so a dead
/// backend neither delays nor empties the list. Patterns are no names and are not listed.
/// </summary>
internal static class ModelListEndpoints
{
    private static readonly Operation ListModels = new() { Name = "models", Method = "GET", Path = "/models", Body = BodyKind.None, IsOpen = true };

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Maps both.</summary>
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/models", (RequestDelegate)(http => AnswerAsync(http, null)));

        // Names may hold slashes, raw or as %2F.
        endpoints.MapGet("/models/{**id}", (RequestDelegate)(http =>
            AnswerAsync(http, EncodedSlash.Decode(http.GetRouteValue("id")) ?? "")));
    }

    private static async Task AnswerAsync(HttpContext http, string? id)
    {
        var states = http.RequestServices.GetRequiredService<RouterStates>();
        if (states.Enter() is not { } state)
        {
            await ErrorResponse.WriteAsync(http, new ApiError(ErrorCause.NotConfigured, "The router has no configuration yet."));
            return;
        }

        try
        {
            await using var exchange = new Exchange(http, ListModels, state, RequestIds.Of(http));
            var error = await http.RequestServices.GetRequiredService<Authenticator>().AuthenticateAsync(exchange);
            AccessEntry.Note(exchange);
            await (error is not null
                ? ErrorResponse.WriteAsync(http, error)
                : WriteAsync(http, state, exchange.Client, id));
        }
        finally
        {
            await state.LeaveAsync();
        }
    }

    private static Task WriteAsync(HttpContext http, RouterState state, ClientKey? client, string? id)
    {
        var visible = state.Model.Models.All.Where(m => !m.Name.Contains('*') && client?.MayUseModel(m.Name) != false);
        if (id is null)
        {
            return SendAsync(http, writer => WriteList(writer, state, visible));
        }

        return visible.FirstOrDefault(m => m.Name == id) is { } model
            ? SendAsync(http, writer => WriteModel(writer, state, model))
            : ErrorResponse.WriteAsync(
                http, new ApiError(ErrorCause.ModelNotFound, $"The model '{id}' does not exist.", "model"));
    }

    private static void WriteList(Utf8JsonWriter writer, RouterState state, IEnumerable<RoutedModel> models)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var model in models)
        {
            WriteModel(writer, state, model);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter writer, RouterState state, RoutedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("id", model.Name);
        writer.WriteString("object", "model");

        // The router does not know when a model was made; clients want a number.
        writer.WriteNumber("created", 0);
        writer.WriteString("owned_by", state.Backends[model.Targets[0].Backend.Name].Backend.ServerName ?? "airouter");
        writer.WriteEndObject();
    }

    private static async Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var json = new ArrayBufferWriter<byte>(4096);
        await using (var writer = new Utf8JsonWriter(json, Options))
        {
            write(writer);
        }

        http.Response.ContentType = "application/json";
        http.Response.Headers.ContentLength = json.WrittenCount;
        await http.Response.Body.WriteAsync(json.WrittenMemory, http.RequestAborted);
    }
}
